"""Web server with its own request handler: echoes what was asked (RFC 9110)."""
