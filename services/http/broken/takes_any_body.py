"""Reads a body of whatever length it is said to have."""

from services.http import server
from services.web import WebServer


class AskedHandler(server.AskedHandler):
    """Has no limit."""

    body_octets = 1024**4


if __name__ == "__main__":
    WebServer(("", server.PORT), AskedHandler).serve_until_killed()
