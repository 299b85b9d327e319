"""The real client: what it makes of an Engine's answers, told by a script over a Unix socket."""
