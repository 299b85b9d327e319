"""Decodes the body as text before it passes it on."""

from pathlib import Path

from services.cgi import server
from services.web import WebServer


class CGIHandler(server.CGIHandler):
    """Takes every body for text."""

    def run_script(self, script: Path, variables: dict[str, str]) -> bytes:
        """Run the script with a decoded body."""
        text = self.body.read().decode(errors="replace")
        self.body.seek(0)
        self.body.truncate()
        self.body.write(text.encode())
        self.body.seek(0)
        return super().run_script(script, variables)


if __name__ == "__main__":
    WebServer(("", server.PORT), CGIHandler).serve_until_killed()
