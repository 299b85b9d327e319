"""Puts an exception into a page as it is: whatever is in it becomes HTML."""

from html import unescape

from services.cgi import server
from services.web import WebServer


class CGIHandler(server.CGIHandler):
    """Undoes what escaping did."""

    def send_reply(self, output: bytes) -> None:
        """Send a page that was never escaped."""
        super().send_reply(unescape(output.decode(errors="surrogateescape")).encode(errors="surrogateescape"))


if __name__ == "__main__":
    WebServer(("", server.PORT), CGIHandler).serve_until_killed()
