"""Listens on IPv4 only, as `http.server` does unless told otherwise."""

import socket
from socketserver import TCPServer

from services.static import server
from services.web import WebServer


class IPv4Server(WebServer):
    """The web server on an IPv4 socket."""

    address_family = socket.AF_INET

    def server_bind(self) -> None:
        """Bind for one family."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = socket.gethostname(), self.server_address[1]


if __name__ == "__main__":
    IPv4Server(("", server.PORT), server.StaticHandler).serve_until_killed()
