"""Takes a folder without its slash for the folder itself: relative links from there lead astray."""

from services.static import server
from services.web import WebServer


class StaticHandler(server.StaticHandler):
    """Adds the slash without telling the browser."""

    def read_request(self) -> bool:
        """Read a request, and mend its path."""
        understood = super().read_request()
        if understood and (server.PAGES / self.path.strip("/")).is_dir():
            self.path = self.path.rstrip("/") + "/"
        return understood


if __name__ == "__main__":
    WebServer(("", server.PORT), StaticHandler).serve_until_killed()
