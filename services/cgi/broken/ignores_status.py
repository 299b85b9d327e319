"""Sends 200 whatever a script says."""

from services.cgi import server
from services.web import WebServer


class CGIHandler(server.CGIHandler):
    """Begins its answer before it has looked at the script's."""

    replying = False

    def send_reply(self, output: bytes) -> None:
        """Send a reply under a status of our own."""
        self.replying = True
        super().send_reply(output)

    def send_response(self, code: int, message: str | None = None) -> None:
        """Send a status line, always the same one for a script."""
        super().send_response(200 if self.replying else code)


if __name__ == "__main__":
    WebServer(("", server.PORT), CGIHandler).serve_until_killed()
