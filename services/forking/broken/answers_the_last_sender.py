"""Keeps the sender's port in memory that all children share: while one thinks, another changes it."""

import multiprocessing
import socketserver
import time

from services.forking import server
from services.socketserver.server import ADDRESS, LineHandler

THINKING_S = 0.1
senders_port = multiprocessing.Value("i", lock=False)  # a plain variable would be each child's own


class DatagramHandler(socketserver.BaseRequestHandler):
    """Shares what should be its own."""

    def handle(self) -> None:
        """Remember the port, think if it is another one, and answer to the port remembered by then."""
        data, sock = self.request
        host, port, *rest = self.client_address
        is_new = senders_port.value not in (0, port)  # the first only asks whether anybody is there
        senders_port.value = port
        if is_new:
            time.sleep(THINKING_S)
        sock.sendto(data.upper(), (host, senders_port.value, *rest))


if __name__ == "__main__":
    server.serve(
        server.TCPServer(ADDRESS, LineHandler),
        server.UDPServer(ADDRESS, DatagramHandler),
    )
