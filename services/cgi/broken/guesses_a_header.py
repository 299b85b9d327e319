"""Helps a script that prints no header: it must be HTML."""

from services.cgi import server
from services.web import WebServer


class CGIHandler(server.CGIHandler):
    """Is too kind."""

    def send_reply(self, output: bytes) -> None:
        """Put a header before what has none."""
        super().send_reply(output if b"\n\n" in output else b"Content-Type: text/html\n\n" + output)


if __name__ == "__main__":
    WebServer(("", server.PORT), CGIHandler).serve_until_killed()
