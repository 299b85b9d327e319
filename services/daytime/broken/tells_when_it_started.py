"""Reads the clock in a default value, which Python computes once, when it reads the definition."""

import socketserver
import time

from services.daytime import server
from services.upper_tcp.server import hang_up


class DaytimeHandler(socketserver.StreamRequestHandler):
    """Tells every client the same."""

    def handle(self, line: bytes = server.time_line(time.time())) -> None:
        """Tell the time the server started."""
        self.wfile.write(line)
        hang_up(self.connection)


if __name__ == "__main__":
    server.DaytimeServer(server.ADDRESS, DaytimeHandler).serve_forever()
