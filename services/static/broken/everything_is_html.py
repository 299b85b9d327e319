"""Says text/html of every file."""

from services.static import server
from services.web import WebServer


class StaticHandler(server.StaticHandler):
    """Knows one type only."""

    def guess_type(self, path: object) -> str:
        """Guess always the same."""
        return "text/html"


if __name__ == "__main__":
    WebServer(("", server.PORT), StaticHandler).serve_until_killed()
