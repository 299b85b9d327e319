"""Serves one client at a time and reads each to its end: one that stays holds up all others."""

import socketserver
import time

from services.daytime import server
from services.socketserver.server import TCPServer


class DaytimeHandler(socketserver.StreamRequestHandler):
    """Throws away all that will ever come."""

    def handle(self) -> None:
        """Tell the time, then read to the end of file."""
        self.wfile.write(server.time_line(time.time()))
        while self.rfile.read(1024):
            pass


if __name__ == "__main__":
    TCPServer(server.ADDRESS, DaytimeHandler).serve_forever()
