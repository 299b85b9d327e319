"""Never says who asks."""

from pathlib import Path

from services.cgi import server
from services.web import WebServer


class CGIHandler(server.CGIHandler):
    """Knows its client, and keeps it to itself."""

    def run_script(self, script: Path, variables: dict[str, str]) -> bytes:
        """Run the script without REMOTE_ADDR."""
        del variables["REMOTE_ADDR"]
        return super().run_script(script, variables)


if __name__ == "__main__":
    WebServer(("", server.PORT), CGIHandler).serve_until_killed()
