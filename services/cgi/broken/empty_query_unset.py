"""Sets QUERY_STRING only when there is a query."""

from pathlib import Path

from services.cgi import server
from services.web import WebServer


class CGIHandler(server.CGIHandler):
    """Leaves empty variables out."""

    def run_script(self, script: Path, variables: dict[str, str]) -> bytes:
        """Run the script without what is empty."""
        return super().run_script(script, {name: value for name, value in variables.items() if value})


if __name__ == "__main__":
    WebServer(("", server.PORT), CGIHandler).serve_until_killed()
