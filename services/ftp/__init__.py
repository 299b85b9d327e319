"""FTP server: files by control and data connections (RFC 959)."""
