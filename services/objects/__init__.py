"""Object transport: pickles over a socket, between programs that have proved to know the same key."""
