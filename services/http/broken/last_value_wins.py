"""Makes a dictionary of the query: of a name that comes twice, the first value is lost."""

from urllib.parse import parse_qsl

from services.http import server
from services.web import WebServer


class AskedHandler(server.AskedHandler):
    """Believes that names are unique."""

    def description(self) -> dict[str, object]:
        """Describe the request, each name of the query once."""
        fields = dict(parse_qsl(self.path.partition("?")[2], keep_blank_values=True))
        return super().description() | {"query": list(fields.items())}


if __name__ == "__main__":
    WebServer(("", server.PORT), AskedHandler).serve_until_killed()
