"""Lets the first error of a client out of `serve_forever`: the whole server ends."""

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
    """Wants to see every error, and sees one."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Do not handle it."""
        raise  # noqa: PLE0704  inside the framework's own except


if __name__ == "__main__":
    DaytimeServer(server.ADDRESS, DaytimeHandler).serve_forever()
