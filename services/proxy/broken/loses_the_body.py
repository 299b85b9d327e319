"""Hands the headers of a POST on, its Content-Length among them, and not the body."""

from services.proxy import server
from services.proxy.protocol import Destination
from services.web import WebServer


class ProxyHandler(server.ProxyHandler):
    """Was tried with GET alone."""

    def request_for(self, destination: Destination) -> bytes:
        """Return the request as far as the blank line."""
        return super().request_for(destination).partition(b"\r\n\r\n")[0] + b"\r\n\r\n"


if __name__ == "__main__":
    WebServer(("", server.PORT), ProxyHandler).serve_until_killed()
