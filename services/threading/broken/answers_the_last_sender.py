"""Keeps the sender's address where all threads see it: while one thinks, another changes it."""

import socketserver
import time
from typing import Any

from services.socketserver.server import ADDRESS, LineHandler, serve
from services.threading import server

THINKING_S = 0.1


class DatagramHandler(socketserver.BaseRequestHandler):
    """Shares what should be its own."""

    sender: Any = None

    def handle(self) -> None:
        """Remember the sender, think if it is another one, and answer whoever is remembered by then."""
        data, sock = self.request
        # The first only asks whether anybody is there.
        is_new = DatagramHandler.sender not in (None, self.client_address)
        DatagramHandler.sender = self.client_address
        if is_new:
            time.sleep(THINKING_S)
        sock.sendto(data.upper(), DatagramHandler.sender)


if __name__ == "__main__":
    serve(
        server.TCPServer(ADDRESS, LineHandler),
        server.UDPServer(ADDRESS, DatagramHandler),
    )
