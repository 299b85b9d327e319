"""Answers HEAD as it answers GET, content and all."""

from services.static import server
from services.web import WebServer


class StaticHandler(server.StaticHandler):
    """Has one method for both."""

    def do_HEAD(self) -> None:
        """Send headers and content."""
        self.do_GET()


if __name__ == "__main__":
    WebServer(("", server.PORT), StaticHandler).serve_until_killed()
