"""Reads bodies by Content-Length alone; one in chunks is taken for none."""

from services.http import server
from services.web import WebServer


class AskedHandler(server.AskedHandler):
    """Was tried with forms."""

    def declared_length(self) -> int | None:
        """Return what Content-Length says."""
        return int(self.headers.get("Content-Length", 0))


if __name__ == "__main__":
    WebServer(("", server.PORT), AskedHandler).serve_until_killed()
