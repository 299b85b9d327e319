"""HTTP proxy for the hosts of its own lab, and no others (RFC 9110, RFC 9112)."""
