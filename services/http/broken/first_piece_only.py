"""Takes for the body what one recv returned."""

from collections.abc import Iterator
from itertools import islice

from services.http import server
from services.web import WebServer


class AskedHandler(server.AskedHandler):
    """Does not read on until Content-Length octets are there."""

    def body_pieces(self) -> Iterator[bytes]:
        """Yield what has arrived by now."""
        yield from islice(super().body_pieces(), 1)


if __name__ == "__main__":
    WebServer(("", server.PORT), AskedHandler).serve_until_killed()
