"""Confuses RFC 867 with RFC 868: sends the seconds since 1900 in four octets."""

import socketserver
import struct
import time

from services.daytime import server
from services.upper_tcp.server import hang_up

SECONDS_FROM_1900_TO_1970 = 2_208_988_800


class TimeHandler(socketserver.StreamRequestHandler):
    """Tells programs the time, and people nothing."""

    def handle(self) -> None:
        """Send a number in network byte order."""
        self.wfile.write(struct.pack("!I", int(time.time()) + SECONDS_FROM_1900_TO_1970))
        hang_up(self.connection)


if __name__ == "__main__":
    server.DaytimeServer(server.ADDRESS, TimeHandler).serve_forever()
