"""Never looks at the method: whatever is asked, it sends the file."""

from services.static import server
from services.web import WebServer


class StaticHandler(server.StaticHandler):
    """Has every method there may be."""

    def __getattr__(self, name: str) -> object:
        """Offer GET for each `do_...` that does not exist."""
        if name.startswith("do_"):
            return self.do_GET
        raise AttributeError(name)


if __name__ == "__main__":
    WebServer(("", server.PORT), StaticHandler).serve_until_killed()
