"""Hands the headers of a POST on, its Content-Length among them, and not the body."""

import socket

from services.proxy import server
from services.web import WebServer


class ProxyHandler(server.ProxyHandler):
    """Was tried with GET alone."""

    def send_request(self, sock: socket.socket, head: bytes) -> None:
        """Send the request as far as the blank line."""
        sock.sendall(head)


if __name__ == "__main__":
    WebServer(("", server.PORT), ProxyHandler).serve_until_killed()
