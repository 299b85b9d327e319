"""Takes for the body what one recv returned."""

from services.http import server
from services.web import WebServer


class AskedHandler(server.AskedHandler):
    """Does not read on until Content-Length octets are there."""

    def declared_body_octets(self) -> int:
        """Return no more than has arrived by now."""
        declared = super().declared_body_octets()
        return min(declared, len(self.rfile.peek()) if declared else 0)  # type: ignore[attr-defined]


if __name__ == "__main__":
    WebServer(("", server.PORT), AskedHandler).serve_until_killed()
