"""Takes forms, and takes a photo for an attack."""

from services.http import server
from services.web import WebServer


class AskedHandler(server.AskedHandler):
    """Has a limit from the days of forms."""

    body_octets = 64 * 1024


if __name__ == "__main__":
    WebServer(("", server.PORT), AskedHandler).serve_until_killed()
