"""Counts answers under a lock that an error leaves locked: then every other child waits for ever."""

import multiprocessing
import socketserver

from services.forking import server
from services.socketserver.server import ADDRESS, DatagramHandler
from services.upper_tcp.protocol import converse

LOCK = multiprocessing.Lock()  # shared with all children, as a plain variable is not
answers = multiprocessing.Value("L", lock=False)


class LineHandler(socketserver.StreamRequestHandler):
    """Should have written `with LOCK:`."""

    def handle(self) -> None:
        """Answer until a blank line, and count."""
        converse(self.rfile, self.send)

    def send(self, answer: bytes) -> None:
        """Send an answer that counts."""
        LOCK.acquire()
        answers.value += 1
        self.wfile.write(answer)
        LOCK.release()


if __name__ == "__main__":
    server.serve(
        server.TCPServer(ADDRESS, LineHandler),
        server.UDPServer(ADDRESS, DatagramHandler),
    )
