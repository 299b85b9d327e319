"""Leaves the framework's default for the size of a datagram: the rest beyond 8192 octets is gone."""

import socketserver

from services.forking import server
from services.socketserver.server import ADDRESS, DatagramHandler, LineHandler


class UDPServer(server.UDPServer):
    """Receives into the framework's buffer."""

    max_packet_size = socketserver.UDPServer.max_packet_size


if __name__ == "__main__":
    server.serve(
        server.TCPServer(ADDRESS, LineHandler),
        UDPServer(ADDRESS, DatagramHandler),
    )
