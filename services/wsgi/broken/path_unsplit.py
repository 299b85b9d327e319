"""Gives applications the whole path and an empty SCRIPT_NAME."""

from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIEnvironment

from services.wsgi import mounts, server


class Mounts(mounts.Mounts):
    """Finds the application and forgets where."""

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Call it with the path as it came."""
        path = environ["PATH_INFO"]
        for prefix, app in self.apps.items():
            if f"{path}/".startswith(f"{prefix}/"):
                return app(environ, start_response)
        return super().__call__(environ, start_response)


if __name__ == "__main__":
    server.AppServer(server.PORT, Mounts(server.OFFERED)).serve_until_killed()
