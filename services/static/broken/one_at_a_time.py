"""Serves one client to its end before it looks at the next: a slow one keeps all others waiting."""

from http.server import HTTPServer
from typing import Any

from services.static import server
from services.web import WebServer


class OneAtATimeServer(WebServer):
    """Starts no threads."""

    def process_request(self, request: Any, client_address: Any) -> None:
        """Serve the client here and now, as a server without ThreadingMixIn does."""
        HTTPServer.process_request(self, request, client_address)


if __name__ == "__main__":
    OneAtATimeServer(("", server.PORT), server.StaticHandler).serve_until_killed()
