"""Leaves the body where it is: the next request on the connection begins in the middle of it."""

from services.http import server
from services.web import WebServer


class AskedHandler(server.AskedHandler):
    """Looks at the body, and does not take it."""

    def declared_body_octets(self) -> int:
        """Say that there is nothing to read."""
        size = super().declared_body_octets()
        self.seen = self.rfile.peek()[:size] if size else b""  # type: ignore[attr-defined]
        return 0

    def description(self) -> dict[str, object]:
        """Describe the request, with the body that was seen."""
        return super().description() | {"body": self.seen.decode(errors="backslashreplace")}


if __name__ == "__main__":
    WebServer(("", server.PORT), AskedHandler).serve_until_killed()
