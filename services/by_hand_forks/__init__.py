"""Upper case over TCP, a process for each client, by hand."""
