"""Listens on IPv4 only, as wsgiref does by itself."""

from services.static.broken.ipv4_only import IPv4Server
from services.wsgi import server
from services.wsgi.mounts import Mounts


class AppServer(server.AppServer, IPv4Server):
    """The application server on that one."""


if __name__ == "__main__":
    AppServer(server.PORT, Mounts(server.OFFERED)).serve_until_killed()
