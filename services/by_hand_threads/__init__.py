"""Upper case over TCP, a thread for each client, by hand."""
