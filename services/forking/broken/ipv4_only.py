"""Listens on IPv4 only, as the framework does unless told otherwise."""

from services.forking import server
from services.socketserver.broken.ipv4_only import IPv4
from services.socketserver.server import ADDRESS, DatagramHandler, LineHandler


class TCPServer(IPv4, server.TCPServer):
    """Connections over IPv4."""


class UDPServer(IPv4, server.UDPServer):
    """Datagrams over IPv4."""


if __name__ == "__main__":
    server.serve(
        TCPServer(ADDRESS, LineHandler),
        UDPServer(ADDRESS, DatagramHandler),
    )
