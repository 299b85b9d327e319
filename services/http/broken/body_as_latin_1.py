"""Decodes bodies as ISO-8859-1, which takes any octets and makes nonsense of most."""

from collections.abc import Iterator

from services.http import server
from services.web import WebServer


class AskedHandler(server.AskedHandler):
    """Found an encoding that never raises."""

    def body_text(self) -> Iterator[str]:
        """Yield the body in the wrong letters."""
        self.body.seek(0)
        yield self.body.read().decode("iso-8859-1")


if __name__ == "__main__":
    WebServer(("", server.PORT), AskedHandler).serve_until_killed()
