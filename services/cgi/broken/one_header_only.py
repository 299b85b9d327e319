"""Keeps the first header that a script prints, and drops the others."""

from services.cgi import server
from services.web import WebServer


class CGIHandler(server.CGIHandler):
    """Reads one line where it should read all up to the blank one."""

    def send_reply(self, output: bytes) -> None:
        """Send a reply with one header left."""
        head, blank_line, content = output.partition(b"\n\n")
        super().send_reply(head.split(b"\n")[0] + blank_line + content)


if __name__ == "__main__":
    WebServer(("", server.PORT), CGIHandler).serve_until_killed()
