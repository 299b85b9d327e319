"""Gives every application an empty `wsgi.input`."""

from io import BytesIO
from wsgiref.types import WSGIEnvironment

from services.wsgi import server


class AppHandler(server.AppHandler):
    """Reads the body, and keeps it."""

    def get_environ(self) -> WSGIEnvironment:
        """Give the application an empty body."""
        return super().get_environ() | {"wsgi.input": BytesIO()}


server.AppHandler = AppHandler  # type: ignore[misc]

if __name__ == "__main__":
    server.main([])
