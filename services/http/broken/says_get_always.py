"""Says GET, whatever the method."""

from services.http import server
from services.web import WebServer


class AskedHandler(server.AskedHandler):
    """Was written for one method and then copied."""

    def description(self) -> dict[str, object]:
        """Describe the request as it was in the first draft."""
        return super().description() | {"method": "GET"}


if __name__ == "__main__":
    WebServer(("", server.PORT), AskedHandler).serve_until_killed()
