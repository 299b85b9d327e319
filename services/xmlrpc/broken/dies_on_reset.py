"""Does not expect a peer to reset: the error ends the whole server."""

from services.static.broken.dies_on_reset import FragileServer, Unprepared
from services.xmlrpc import server


class XMLRPCHandler(Unprepared, server.XMLRPCHandler):
    """The handler with a connection that is taken for something that lasts."""


if __name__ == "__main__":
    FragileServer(("", server.PORT), XMLRPCHandler).serve_until_killed()
