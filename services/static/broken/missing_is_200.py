"""Sends a friendly page for what is missing, with status 200."""

from services.static import server
from services.web import WebServer


class StaticHandler(server.StaticHandler):
    """Says "not found" to people only, not to programs."""

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Send an error page, as if it were the page that was asked for."""
        super().send_error(200 if code == 404 else code, "OK" if code == 404 else message, explain)


if __name__ == "__main__":
    WebServer(("", server.PORT), StaticHandler).serve_until_killed()
