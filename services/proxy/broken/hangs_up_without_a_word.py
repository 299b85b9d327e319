"""Hangs up on a client when the server at the other end does not answer, and says nothing."""

from http import HTTPStatus

from services.proxy import server
from services.web import WebServer


class ProxyHandler(server.ProxyHandler):
    """Has no page for what is not its own fault."""

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Send an error page, unless it is about the other end."""
        if code not in (HTTPStatus.BAD_GATEWAY, HTTPStatus.GATEWAY_TIMEOUT):
            super().send_error(code, message, explain)


if __name__ == "__main__":
    WebServer(("", server.PORT), ProxyHandler).serve_until_killed()
