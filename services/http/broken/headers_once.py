"""Makes a dictionary of the headers: of a name that comes twice, one value is lost."""

from services.http import server
from services.web import WebServer


class AskedHandler(server.AskedHandler):
    """Believes that names are unique."""

    def description(self) -> dict[str, object]:
        """Describe the request, each header once."""
        return super().description() | {
            "headers": [f"{name}: {value}" for name, value in dict(self.headers.items()).items()]
        }


if __name__ == "__main__":
    WebServer(("", server.PORT), AskedHandler).serve_until_killed()
