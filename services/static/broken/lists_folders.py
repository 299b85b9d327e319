"""Lists the files of a folder that has no index page."""

import os
from http.server import SimpleHTTPRequestHandler
from io import BytesIO

from services.static import server
from services.web import WebServer


class StaticHandler(server.StaticHandler):
    """Does what the library does."""

    def list_directory(self, path: str | os.PathLike[str]) -> BytesIO | None:
        """Give the names of all files away."""
        return SimpleHTTPRequestHandler.list_directory(self, path)


if __name__ == "__main__":
    WebServer(("", server.PORT), StaticHandler).serve_until_killed()
