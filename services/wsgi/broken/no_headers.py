"""Tells applications nothing of the request's headers."""

from wsgiref.types import WSGIEnvironment

from services.wsgi import server


class AppHandler(server.AppHandler):
    """Takes the request line for the request."""

    def get_environ(self) -> WSGIEnvironment:
        """Leave the headers out."""
        return {key: value for key, value in super().get_environ().items() if not key.startswith("HTTP_")}


server.AppHandler = AppHandler  # type: ignore[misc]

if __name__ == "__main__":
    server.main([])
