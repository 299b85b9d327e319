"""Leaves the body where it is: the next request on the connection begins in the middle of it."""

from collections.abc import Iterator

from services.http import server
from services.web import WebServer
from services.web.bodies import content_length


class AskedHandler(server.AskedHandler):
    """Looks at the body, and does not take it."""

    def body_pieces(self) -> Iterator[bytes]:
        """Yield what has arrived, and do not take it from there."""
        size = content_length(self.headers)
        if size:
            yield self.reader.peek()[:size]


if __name__ == "__main__":
    WebServer(("", server.PORT), AskedHandler).serve_until_killed()
