"""Answers a POST as soon as its headers are in."""

from services.http import server
from services.web import WebServer


class AskedHandler(server.AskedHandler):
    """Never looks at the body."""

    def description(self) -> dict[str, object]:
        """Describe the request without its body."""
        return super().description() | {"body": ""}


if __name__ == "__main__":
    WebServer(("", server.PORT), AskedHandler).serve_until_killed()
