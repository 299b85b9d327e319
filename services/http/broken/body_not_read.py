"""Answers a POST as soon as its headers are in."""

from collections.abc import Iterator

from services.http import server
from services.web import WebServer


class AskedHandler(server.AskedHandler):
    """Never looks at the body."""

    def body_text(self) -> Iterator[str]:
        """Yield nothing."""
        yield ""


if __name__ == "__main__":
    WebServer(("", server.PORT), AskedHandler).serve_until_killed()
