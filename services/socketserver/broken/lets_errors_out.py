"""Wants to see every error: raising it again in `handle_error` ends `serve_forever`, and the server."""

import socketserver
from typing import Any

from services.socketserver import server


class LineHandler(socketserver.StreamRequestHandler):
    """Leaves errors to the server."""

    def handle(self) -> None:
        """Answer until a blank line."""
        while line := self.rfile.readline(65536).strip(b"\r\n"):
            self.wfile.write(line.upper() + b"\n")


class TCPServer(server.TCPServer):
    """Leaves errors to nobody."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Raise what ended the handler."""
        raise


if __name__ == "__main__":
    server.serve(
        TCPServer(server.ADDRESS, LineHandler),
        server.UDPServer(server.ADDRESS, server.DatagramHandler),
    )
