"""Sends what the script prints, also to HEAD."""

from services.cgi import server
from services.web import WebServer


class CGIHandler(server.CGIHandler):
    """Leaves it to the script to know about HEAD."""

    def send_reply(self, output: bytes) -> None:
        """Send it as for GET."""
        self.command = "GET"
        super().send_reply(output)


if __name__ == "__main__":
    WebServer(("", server.PORT), CGIHandler).serve_until_killed()
