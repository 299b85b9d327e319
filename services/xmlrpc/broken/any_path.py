"""Takes calls at any path."""

from services.web import WebServer
from services.xmlrpc import server


class XMLRPCHandler(server.XMLRPCHandler):
    """Never looks at the path."""

    def require_path(self) -> None:
        """Require nothing."""


if __name__ == "__main__":
    WebServer(("", server.PORT), XMLRPCHandler).serve_until_killed()
