"""Closes the socket in the handler, with octets unread: a client that has sent something is reset."""

import socketserver
import time

from services.daytime import server


class DaytimeHandler(socketserver.StreamRequestHandler):
    """Does what the framework would have done, too soon."""

    def handle(self) -> None:
        """Tell the time and close."""
        self.wfile.write(server.time_line(time.time()))
        self.request.close()


if __name__ == "__main__":
    server.DaytimeServer(server.ADDRESS, DaytimeHandler).serve_forever()
