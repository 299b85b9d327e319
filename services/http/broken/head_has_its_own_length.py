"""Describes HEAD as HEAD: its Content-Length is not that of a GET."""

from services.http import server
from services.web import WebServer


class AskedHandler(server.AskedHandler):
    """Is too honest."""

    def description(self) -> dict[str, object]:
        """Describe the request, its method as it came."""
        return super().description() | {"method": self.command}


if __name__ == "__main__":
    WebServer(("", server.PORT), AskedHandler).serve_until_killed()
