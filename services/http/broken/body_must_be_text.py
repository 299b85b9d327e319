"""Fails on a body that is no UTF-8, and hangs up."""

from http import HTTPStatus

from services.http import server
from services.web import RefusedError, WebServer


class AskedHandler(server.AskedHandler):
    """Leaves `errors` at its default."""

    def description(self) -> dict[str, object]:
        """Describe the request, if its body is text."""
        try:
            return super().description() | {"body": self.body.decode()}
        except UnicodeDecodeError:
            raise RefusedError(HTTPStatus.INTERNAL_SERVER_ERROR, "the handler failed") from None


if __name__ == "__main__":
    WebServer(("", server.PORT), AskedHandler).serve_until_killed()
