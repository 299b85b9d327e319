"""Decodes bodies as ISO-8859-1, which takes any octets and makes nonsense of most."""

from services.http import server
from services.web import WebServer


class AskedHandler(server.AskedHandler):
    """Found an encoding that never raises."""

    def description(self) -> dict[str, object]:
        """Describe the request, its body in the wrong letters."""
        return super().description() | {"body": self.body.decode("iso-8859-1")}


if __name__ == "__main__":
    WebServer(("", server.PORT), AskedHandler).serve_until_killed()
