"""Does not expect a peer to reset: the error ends the whole server."""

from typing import Any

from services.static import server
from services.static.broken.one_at_a_time import OneAtATimeServer
from services.web import WebHandler


class FragileServer(OneAtATimeServer):
    """Lets every error through."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Give up."""
        raise


class Unprepared(WebHandler):
    """Takes a connection for something that lasts."""

    def handle(self) -> None:
        """Serve requests, and expect no error from the socket."""
        self.close_connection = False
        while not self.close_connection:
            self.handle_one_request()


class StaticHandler(Unprepared, server.StaticHandler):
    """The file server with that connection."""


if __name__ == "__main__":
    FragileServer(("", server.PORT), StaticHandler).serve_until_killed()
