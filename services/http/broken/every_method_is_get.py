"""Never looks at the method: whatever is asked, it answers."""

from services.http import server
from services.web import WebServer


class AskedHandler(server.AskedHandler):
    """Has every method there may be."""

    def __getattr__(self, name: str) -> object:
        """Offer GET for each `do_...` that does not exist."""
        if name.startswith("do_"):
            return self.do_GET
        raise AttributeError(name)


if __name__ == "__main__":
    WebServer(("", server.PORT), AskedHandler).serve_until_killed()
