"""Does not know that a server may be asked about itself."""

from services.http import server
from services.web import WebServer


class AskedHandler(server.AskedHandler):
    """Looks for a method of that name."""

    def method(self) -> object:
        """Return the method that answers this request."""
        return getattr(self, f"do_{self.command}", None)


if __name__ == "__main__":
    WebServer(("", server.PORT), AskedHandler).serve_until_killed()
