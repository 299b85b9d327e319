"""Takes the request-target for the path: the query stays in it."""

from urllib.parse import unquote

from services.http import server
from services.web import WebServer


class AskedHandler(server.AskedHandler):
    """Does not cut at the question mark."""

    def description(self) -> dict[str, object]:
        """Describe the request, its path as it came."""
        return super().description() | {"path": unquote(self.path)}


if __name__ == "__main__":
    WebServer(("", server.PORT), AskedHandler).serve_until_killed()
