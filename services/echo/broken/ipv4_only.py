"""Listens on IPv4 only, as `socket.create_server(("", 7))` does."""

import selectors
import socket

from services.echo import server


class EchoServer(server.EchoServer):
    """The echo server on an IPv4 socket."""

    def __init__(self) -> None:
        self.listener = socket.create_server(("", server.PORT), backlog=server.BACKLOG)
        self.listener.setblocking(False)
        self.selector = selectors.DefaultSelector()
        self.selector.register(self.listener, server.READ)


if __name__ == "__main__":
    EchoServer().serve_forever()
