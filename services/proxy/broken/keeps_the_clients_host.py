"""Hands the client's Host header on: the server answers for another site than the URL names."""

from services.proxy import server
from services.proxy.protocol import Destination
from services.web import WebServer


class ProxyHandler(server.ProxyHandler):
    """Takes Host for a header like the others."""

    def request_for(self, destination: Destination) -> bytes:
        """Return the request, with what the client calls the server."""
        request = super().request_for(destination)
        ours = f"Host: {destination.authority}\r\n".encode()
        return request.replace(ours, f"Host: {self.headers.get('Host', '')}\r\n".encode(), 1)


if __name__ == "__main__":
    WebServer(("", server.PORT), ProxyHandler).serve_until_killed()
