"""Joins the path to its folder as it comes, so `..` leads out."""

from urllib.parse import unquote

from services.static import server
from services.web import WebServer


class StaticHandler(server.StaticHandler):
    """Trusts the path."""

    def translate_path(self, path: str) -> str:
        """Put the folder in front, and no more."""
        return f"{server.PAGES}/{unquote(path).lstrip('/')}"


if __name__ == "__main__":
    WebServer(("", server.PORT), StaticHandler).serve_until_killed()
