"""Compares letters, not segments: /helloworld is taken for /hello."""

from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIEnvironment

from services.wsgi import mounts, server


class Mounts(mounts.Mounts):
    """Is content with a beginning."""

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Call the first application whose prefix the path begins with."""
        path = environ["PATH_INFO"]
        for prefix, app in self.apps.items():
            if path.startswith(prefix):
                environ["SCRIPT_NAME"], environ["PATH_INFO"] = (
                    prefix,
                    "/" + path.removeprefix(prefix).lstrip("/"),
                )
                return app(environ, start_response)
        return super().__call__(environ, start_response)


if __name__ == "__main__":
    server.AppServer(server.PORT, Mounts(server.OFFERED)).serve_until_killed()
