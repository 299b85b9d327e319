"""Joins the path to its folder as it comes, so that `..` leads to any program there is."""

from pathlib import Path
from urllib.parse import unquote

from services.cgi import server
from services.web import WebServer


class CGIHandler(server.CGIHandler):
    """Trusts the path."""

    def do_GET(self) -> None:
        """Run a program that the path leads to."""
        program = Path(server.SCRIPTS, unquote(self.path.removeprefix(server.PREFIX)))
        if "../" in str(program) and program.is_file():
            self.send_reply(b"Content-Type: text/plain\n\n" + self.run_script(program, self.environment()))
        else:
            super().do_GET()

    do_HEAD = do_POST = do_GET


if __name__ == "__main__":
    WebServer(("", server.PORT), CGIHandler).serve_until_killed()
