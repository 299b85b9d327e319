"""Tells the time of its own wall, in Central Europe, and does not say so."""

import os
import socketserver
import time

from services.daytime import server
from services.upper_tcp.server import hang_up


class DaytimeHandler(socketserver.StreamRequestHandler):
    """Uses `ctime`, which is local time."""

    def handle(self) -> None:
        """Tell the time here."""
        self.wfile.write(time.ctime().encode() + b"\r\n")
        hang_up(self.connection)


if __name__ == "__main__":
    os.environ["TZ"] = "CET-1CEST"
    time.tzset()
    server.DaytimeServer(server.ADDRESS, DaytimeHandler).serve_forever()
