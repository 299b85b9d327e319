"""Takes the body for a query, and gives standard input nothing."""

from pathlib import Path

from services.cgi import server
from services.web import WebServer


class CGIHandler(server.CGIHandler):
    """Knows GET only."""

    def run_script(self, script: Path, variables: dict[str, str]) -> bytes:
        """Run the script with an empty standard input."""
        body = self.body.read()  # and so its end is what the script finds
        return super().run_script(
            script, variables | {"QUERY_STRING": variables["QUERY_STRING"] or body.decode("latin-1")}
        )


if __name__ == "__main__":
    WebServer(("", server.PORT), CGIHandler).serve_until_killed()
