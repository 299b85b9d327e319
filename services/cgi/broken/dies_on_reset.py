"""Does not expect a peer to reset: the error ends the whole server."""

from services.cgi import server
from services.static.broken.dies_on_reset import FragileServer, Unprepared


class CGIHandler(Unprepared, server.CGIHandler):
    """The gateway with a connection that is taken for something that lasts."""


if __name__ == "__main__":
    FragileServer(("", server.PORT), CGIHandler).serve_until_killed()
