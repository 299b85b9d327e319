"""Decodes PATH_INFO as UTF-8, which PEP 3333 says it is not: every application does so again."""

from urllib.parse import unquote
from wsgiref.types import WSGIEnvironment

from services.wsgi import server


class AppHandler(server.AppHandler):
    """Knows better than the convention."""

    def get_environ(self) -> WSGIEnvironment:
        """Decode the path, once too often."""
        environ = super().get_environ()
        environ["PATH_INFO"] = unquote(self.path.partition("?")[0])
        return environ


server.AppHandler = AppHandler  # type: ignore[misc]

if __name__ == "__main__":
    server.main([])
