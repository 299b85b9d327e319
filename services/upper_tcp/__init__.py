"""Upper case over TCP, by hand, one client at a time; and the line protocol its siblings share."""
