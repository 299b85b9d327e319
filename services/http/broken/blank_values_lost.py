"""Reads the query as the library does by default: a field without a value is dropped."""

from urllib.parse import parse_qsl

from services.http import server
from services.web import WebServer


class AskedHandler(server.AskedHandler):
    """Leaves `keep_blank_values` at its default."""

    def description(self) -> dict[str, object]:
        """Describe the request, without the blank fields."""
        return super().description() | {"query": parse_qsl(self.path.partition("?")[2])}


if __name__ == "__main__":
    WebServer(("", server.PORT), AskedHandler).serve_until_killed()
