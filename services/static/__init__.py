"""Static web server: files of a folder over HTTP (RFC 9112)."""
