"""Daytime (RFC 867)."""
