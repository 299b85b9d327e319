"""Listens on IPv4 only, as the framework does unless told otherwise."""

import socket

from services.socketserver import server


class IPv4(server.DualStack):
    """The framework's own address family, bound as the framework binds."""

    address_family = socket.AF_INET

    def server_bind(self) -> None:
        """Bind to the address, without a word about IPv6."""
        self.socket.bind(self.server_address)


class TCPServer(IPv4, server.TCPServer):
    """Connections over IPv4."""


class UDPServer(IPv4, server.UDPServer):
    """Datagrams over IPv4."""


if __name__ == "__main__":
    server.serve(
        TCPServer(server.ADDRESS, server.LineHandler),
        UDPServer(server.ADDRESS, server.DatagramHandler),
    )
