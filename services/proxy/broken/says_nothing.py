"""Gets the page, and keeps it."""

from http.client import HTTPResponse

from services.proxy import server
from services.web import WebServer


class ProxyHandler(server.ProxyHandler):
    """Forgets the way back."""

    def hand_on(self, response: HTTPResponse) -> None:
        """Do nothing with the answer."""
        self.close_connection = True


if __name__ == "__main__":
    WebServer(("", server.PORT), ProxyHandler).serve_until_killed()
