"""Knows scripts only: at the root there is nothing."""

from services.cgi import server
from services.web import WebServer


class CGIHandler(server.CGIHandler):
    """Asks for a script whatever the path."""

    def do_GET(self) -> None:
        """Run a script."""
        if self.path == "/":
            self.path = server.PREFIX
        super().do_GET()

    do_HEAD = do_POST = do_GET


if __name__ == "__main__":
    WebServer(("", server.PORT), CGIHandler).serve_until_killed()
