"""Upper case over TCP and UDP on the `socketserver` framework, one client at a time."""
