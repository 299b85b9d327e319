"""Leaves the framework's limit of 40 children: with 40 clients held, the parent waits for one to end."""

import socketserver

from services.forking import server
from services.socketserver.server import ADDRESS, DatagramHandler, LineHandler


class TCPServer(server.TCPServer):
    """Waits in `collect_children` while everybody else waits for it."""

    max_children = socketserver.ForkingMixIn.max_children


if __name__ == "__main__":
    server.serve(
        TCPServer(ADDRESS, LineHandler),
        server.UDPServer(ADDRESS, DatagramHandler),
    )
