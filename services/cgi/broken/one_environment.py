"""Keeps the environment in one place for all requests: one gets what another one asked."""

import threading
from pathlib import Path

from services.cgi import server
from services.web import WebServer

SHARED: dict[str, str] = {}


class CGIHandler(server.CGIHandler):
    """Writes into what it reads from."""

    def run_script(self, script: Path, variables: dict[str, str]) -> bytes:
        """Run the script with what came last, from whomever it came."""
        SHARED.clear()
        SHARED.update(variables)
        threading.Event().wait(0.05)
        return super().run_script(script, dict(SHARED))


if __name__ == "__main__":
    WebServer(("", server.PORT), CGIHandler).serve_until_killed()
