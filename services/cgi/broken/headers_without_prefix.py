"""Passes headers on under their own names, without HTTP_."""

from pathlib import Path

from services.cgi import server
from services.web import WebServer


class CGIHandler(server.CGIHandler):
    """Mixes headers and meta-variables."""

    def run_script(self, script: Path, variables: dict[str, str]) -> bytes:
        """Run the script with bare names."""
        bare = {name.removeprefix("HTTP_"): value for name, value in variables.items()}
        return super().run_script(script, bare)


if __name__ == "__main__":
    WebServer(("", server.PORT), CGIHandler).serve_until_killed()
