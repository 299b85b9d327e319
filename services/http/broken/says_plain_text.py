"""Sends JSON and says text/plain."""

from services.http import server
from services.web import WebServer


class AskedHandler(server.AskedHandler):
    """Leaves the type to whoever reads it."""

    def send_content(self, content_type: str, content: bytes, status: int = 200) -> None:
        """Send it under another name."""
        super().send_content("text/plain", content, status)


if __name__ == "__main__":
    WebServer(("", server.PORT), AskedHandler).serve_until_killed()
