"""Serves one client to its end before it looks at the next, as wsgiref does by itself."""

from services.static.broken.one_at_a_time import OneAtATimeServer
from services.wsgi import server
from services.wsgi.mounts import Mounts


class AppServer(server.AppServer, OneAtATimeServer):
    """The application server on that one."""


if __name__ == "__main__":
    AppServer(server.PORT, Mounts(server.OFFERED)).serve_until_killed()
