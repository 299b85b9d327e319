"""Closes with octets unread: a client that has sent something is reset."""

import socketserver
import time

from services.daytime import server


class DaytimeHandler(socketserver.StreamRequestHandler):
    """Does not care for what it is sent."""

    def handle(self) -> None:
        """Tell the time; the framework closes."""
        self.wfile.write(server.time_line(time.time()))


if __name__ == "__main__":
    server.DaytimeServer(server.ADDRESS, DaytimeHandler).serve_forever()
