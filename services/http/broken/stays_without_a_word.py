"""Keeps the connection of an old client open, and does not tell it: the client waits for the end."""

from services.http import server
from services.web import WebServer


class AskedHandler(server.AskedHandler):
    """Was tried with HTTP/1.1."""

    def send_header(self, keyword: str, value: str) -> None:
        """Send every header but one."""
        if (keyword, value) != ("Connection", "keep-alive"):
            super().send_header(keyword, value)


if __name__ == "__main__":
    WebServer(("", server.PORT), AskedHandler).serve_until_killed()
