"""Asks the server for the whole URL, as the client asked the proxy."""

from services.proxy import server
from services.proxy.protocol import Destination
from services.web import WebServer


class ProxyHandler(server.ProxyHandler):
    """Hands the request line on as it is."""

    def request_for(self, destination: Destination) -> bytes:
        """Return the request, its target as it came."""
        return super().request_for(destination._replace(path=self.path))


if __name__ == "__main__":
    WebServer(("", server.PORT), ProxyHandler).serve_until_killed()
