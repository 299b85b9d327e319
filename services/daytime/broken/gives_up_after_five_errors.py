"""Takes a client that has left for an error of its own, and five of those for the end."""

import socketserver
import time
from typing import Any

from services.daytime import server
from services.socketserver.server import TCPServer


class DaytimeHandler(socketserver.StreamRequestHandler):
    """Tells the time to whoever is still there."""

    def handle(self) -> None:
        """Tell the time."""
        self.wfile.write(server.time_line(time.time()))


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
