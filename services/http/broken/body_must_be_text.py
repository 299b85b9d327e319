"""Fails on a body that is no UTF-8, and hangs up."""

from collections.abc import Iterator
from http import HTTPStatus

from services.http import server
from services.web import RefusedError, WebServer


class AskedHandler(server.AskedHandler):
    """Leaves `errors` at its default."""

    def body_text(self) -> Iterator[str]:
        """Yield the body, if it is text."""
        self.body.seek(0)
        try:
            yield self.body.read().decode()
        except UnicodeDecodeError:
            raise RefusedError(HTTPStatus.INTERNAL_SERVER_ERROR, "the handler failed") from None


if __name__ == "__main__":
    WebServer(("", server.PORT), AskedHandler).serve_until_killed()
