"""Answers HEAD as it answers GET, content and all."""

from services.http import server
from services.web import WebServer


class AskedHandler(server.AskedHandler):
    """Has one method for both."""

    def do_HEAD(self) -> None:
        """Send headers and content."""
        self.command = "GET"
        self.do_GET()


if __name__ == "__main__":
    WebServer(("", server.PORT), AskedHandler).serve_until_killed()
