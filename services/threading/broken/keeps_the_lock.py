"""Counts answers under a lock that an error leaves locked: then every other thread waits for ever."""

import socketserver
import threading

from services.socketserver.server import ADDRESS, DatagramHandler, serve
from services.threading import server
from services.upper_tcp.protocol import converse

LOCK = threading.Lock()
answers = 0


class LineHandler(socketserver.StreamRequestHandler):
    """Should have written `with LOCK:`."""

    def handle(self) -> None:
        """Answer until a blank line, and count."""
        converse(self.rfile, self.send)

    def send(self, answer: bytes) -> None:
        """Send an answer that counts."""
        global answers
        LOCK.acquire()
        answers += 1
        self.wfile.write(answer)
        LOCK.release()


if __name__ == "__main__":
    serve(
        server.TCPServer(ADDRESS, LineHandler),
        server.UDPServer(ADDRESS, DatagramHandler),
    )
