"""Upper case over TCP and UDP, a thread for each client."""
