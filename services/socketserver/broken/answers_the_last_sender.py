"""Waits at a new sender for more datagrams, then sends all answers to the sender of the last one."""

import select
import socketserver
from typing import Any

from services.socketserver import server

TOGETHER_S = 0.1


class DatagramHandler(socketserver.BaseRequestHandler):
    """Helps itself to the datagrams that follow its own."""

    known: Any = None

    def handle(self) -> None:
        """Answer them all, to one address."""
        data, sock = self.request
        sender = self.client_address
        collected = [data]
        while self.known not in (None, sender) and select.select([sock], [], [], TOGETHER_S)[0]:
            data, sender = sock.recvfrom(65535)
            collected.append(data)
        DatagramHandler.known = sender
        for data in collected:
            sock.sendto(data.upper(), sender)


if __name__ == "__main__":
    server.serve(
        server.TCPServer(server.ADDRESS, server.LineHandler),
        server.UDPServer(server.ADDRESS, DatagramHandler),
    )
