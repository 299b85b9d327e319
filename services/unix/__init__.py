"""Upper case over Unix-domain sockets: the socket API between processes that share a path."""
