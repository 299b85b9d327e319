"""Gets the page, and keeps it."""

from services.proxy import server
from services.proxy.origin import Response
from services.web import WebServer


class ProxyHandler(server.ProxyHandler):
    """Forgets the way back."""

    def hand_on(self, response: Response) -> None:
        """Do nothing with the answer."""
        self.close_connection = True


if __name__ == "__main__":
    WebServer(("", server.PORT), ProxyHandler).serve_until_killed()
