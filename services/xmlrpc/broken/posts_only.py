"""Knows POST only: a browser gets 501."""

from services.web import WebServer
from services.xmlrpc import server


class XMLRPCHandler(server.XMLRPCHandler):
    """Forgets that people look at servers too."""

    def __getattribute__(self, name: str) -> object:
        """Hide the methods for GET and HEAD."""
        if name in ("do_GET", "do_HEAD"):
            raise AttributeError(name)
        return super().__getattribute__(name)


if __name__ == "__main__":
    WebServer(("", server.PORT), XMLRPCHandler).serve_until_killed()
