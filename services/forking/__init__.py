"""Upper case over TCP and UDP, a process for each client."""
