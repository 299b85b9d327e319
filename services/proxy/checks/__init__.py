"""What makes a proxy for one lab right: what it hands on (RFC 9110 section 7.6), and where it leads not."""

from services.proxy.checks import border, forwarding, framing, survival, tunnel

PARTS = (forwarding, framing, tunnel, border, survival)
