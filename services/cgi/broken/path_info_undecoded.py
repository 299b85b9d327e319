"""Passes PATH_INFO on as it came, with its percent signs."""

from pathlib import Path

from services.cgi import server
from services.web import WebServer


class CGIHandler(server.CGIHandler):
    """Forgets that PATH_INFO is decoded."""

    def run_script(self, script: Path, variables: dict[str, str]) -> bytes:
        """Run the script with a raw path."""
        path = self.path.partition("?")[0]
        return super().run_script(
            script, variables | {"PATH_INFO": path.removeprefix(variables["SCRIPT_NAME"])}
        )


if __name__ == "__main__":
    WebServer(("", server.PORT), CGIHandler).serve_until_killed()
