"""Says more than the time: a second line, and no line end after it."""

import socketserver
import time

from services.daytime import server
from services.upper_tcp.server import hang_up


class DaytimeHandler(socketserver.StreamRequestHandler):
    """Is too polite."""

    def handle(self) -> None:
        """Tell the time and say goodbye."""
        self.wfile.write(server.time_line(time.time()) + b"Goodbye.")
        hang_up(self.connection)


if __name__ == "__main__":
    server.DaytimeServer(server.ADDRESS, DaytimeHandler).serve_forever()
