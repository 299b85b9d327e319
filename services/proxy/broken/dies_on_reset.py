"""Does not expect a peer to reset: the error ends the whole server."""

from services.proxy import server
from services.static.broken.dies_on_reset import FragileServer, Unprepared


class ProxyHandler(Unprepared, server.ProxyHandler):
    """The proxy with a connection that is taken for something that lasts."""


if __name__ == "__main__":
    FragileServer(("", server.PORT), ProxyHandler).serve_until_killed()
