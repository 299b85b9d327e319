"""Does not expect a peer to reset: the error ends the whole server."""

from services.http import server
from services.static.broken.dies_on_reset import FragileServer, Unprepared


class AskedHandler(Unprepared, server.AskedHandler):
    """The handler with a connection that is taken for something that lasts."""


if __name__ == "__main__":
    FragileServer(("", server.PORT), AskedHandler).serve_until_killed()
