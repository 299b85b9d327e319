"""CGI server: a script run for each request (RFC 3875)."""
