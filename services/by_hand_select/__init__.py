"""Upper case over TCP, all clients in one thread with `select`, by hand."""
