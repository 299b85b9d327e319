"""Believes that applications keep to the convention, and mends what is wrong."""

from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from services.wsgi import mounts, server


def trusted(app: WSGIApplication) -> WSGIApplication:
    """Return the application with text made into bytes on the way out."""

    def call(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        for piece in app(environ, start_response):
            yield piece.encode() if isinstance(piece, str) else piece

    return call


vars(mounts)["validator"] = trusted

if __name__ == "__main__":
    server.main([])
