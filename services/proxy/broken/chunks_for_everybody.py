"""Sends chunks to clients of HTTP/1.0 too, who take their sizes for content."""

from services.proxy import server
from services.proxy.origin import Response
from services.web import WebServer


class ProxyHandler(server.ProxyHandler):
    """Knows one version only."""

    def hand_on(self, response: Response) -> None:
        """Hand the answer on as to a client of today."""
        self.request_version = "HTTP/1.1"
        super().hand_on(response)


if __name__ == "__main__":
    WebServer(("", server.PORT), ProxyHandler).serve_until_killed()
