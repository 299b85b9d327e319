"""TCP echo (RFC 862)."""
