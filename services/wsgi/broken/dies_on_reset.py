"""Does not expect a peer to reset: the error ends the whole server."""

from services.static.broken.dies_on_reset import FragileServer, Unprepared
from services.wsgi import server
from services.wsgi.mounts import Mounts


class AppHandler(Unprepared, server.AppHandler):
    """The handler with a connection that is taken for something that lasts."""


class AppServer(server.AppServer, FragileServer):
    """The application server on that one."""


server.AppHandler = AppHandler  # type: ignore[misc]

if __name__ == "__main__":
    AppServer(server.PORT, Mounts(server.OFFERED)).serve_until_killed()
