"""Takes a client that has left for an error of its own, and five of those for the end."""

import contextlib
import socket
import socketserver
import time
from typing import Any

from services.daytime import server
from services.socketserver.server import TCPServer

LINGER_S = 0.05  # for each client, as one is served after another


class DaytimeHandler(socketserver.StreamRequestHandler):
    """Tells the time to whoever is still there."""

    def handle(self) -> None:
        """Tell the time, and read to the end: a reset is an error, now or then."""
        self.wfile.write(server.time_line(time.time()))
        self.request.shutdown(socket.SHUT_WR)
        self.request.settimeout(LINGER_S)
        with contextlib.suppress(TimeoutError):
            while self.request.recv(65536):
                pass


class DaytimeServer(TCPServer):
    """Handles errors by counting them."""

    errors = 0

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Count, and lose patience."""
        self.errors += 1
        if self.errors == 5:
            raise SystemExit("too many errors")


if __name__ == "__main__":
    DaytimeServer(server.ADDRESS, DaytimeHandler).serve_forever()
