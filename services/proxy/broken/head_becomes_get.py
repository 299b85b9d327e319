"""Asks GET where the client asked HEAD, and sends it all."""

from services.proxy import server
from services.web import WebServer


class ProxyHandler(server.ProxyHandler):
    """Has one method for all."""

    def do_HEAD(self) -> None:
        """Make a GET of it."""
        self.command = "GET"
        self.do_GET()


if __name__ == "__main__":
    WebServer(("", server.PORT), ProxyHandler).serve_until_killed()
