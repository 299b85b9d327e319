"""Does not know that index.html stands for its folder."""

from services.static import server
from services.web import WebServer


class StaticHandler(server.StaticHandler):
    """Knows no index pages."""

    def translate_path(self, path: str) -> str:
        """Take `/` for a file that is not there."""
        return super().translate_path("/index" if path == "/" else path)


if __name__ == "__main__":
    WebServer(("", server.PORT), StaticHandler).serve_until_killed()
