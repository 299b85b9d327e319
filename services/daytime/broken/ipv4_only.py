"""Listens on IPv4 only, as the framework does unless told otherwise."""

from services.daytime import server
from services.socketserver.broken.ipv4_only import IPv4


class DaytimeServer(IPv4, server.DaytimeServer):
    """Connections over IPv4."""


if __name__ == "__main__":
    DaytimeServer(server.ADDRESS, server.DaytimeHandler).serve_forever()
