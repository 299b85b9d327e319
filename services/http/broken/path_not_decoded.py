"""Tells the path as it stands on the wire, with %20 for a blank."""

from services.http import server
from services.web import WebServer


class AskedHandler(server.AskedHandler):
    """Knows of the question mark, but not of percent signs."""

    def description(self) -> dict[str, object]:
        """Describe the request, its path as it came."""
        return super().description() | {"path": self.path.partition("?")[0]}


if __name__ == "__main__":
    WebServer(("", server.PORT), AskedHandler).serve_until_killed()
