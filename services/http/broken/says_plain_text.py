"""Sends JSON and says text/plain."""

from services.http import server
from services.web import WebServer


class AskedHandler(server.AskedHandler):
    """Leaves the type to whoever reads it."""

    def send_header(self, keyword: str, value: str) -> None:
        """Send every header, one with another value."""
        super().send_header(keyword, "text/plain" if keyword == "Content-Type" else value)


if __name__ == "__main__":
    WebServer(("", server.PORT), AskedHandler).serve_until_killed()
