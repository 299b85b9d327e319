"""Takes the number of characters for the number of octets."""

from services.static import server
from services.web import WebServer


class StaticHandler(server.StaticHandler):
    """Announces less than it sends where a character is more than one octet, and ends by closing."""

    protocol_version = "HTTP/1.0"

    def send_header(self, keyword: str, value: str) -> None:
        """Send a header; a length is counted anew."""
        if keyword == "Content-Length":
            try:
                text = (server.PAGES / getattr(self, "path", "").lstrip("/")).read_text()
                value = str(len(text))
            except (OSError, ValueError):
                pass
        super().send_header(keyword, value)


if __name__ == "__main__":
    WebServer(("", server.PORT), StaticHandler).serve_until_killed()
