"""Leaves `SO_OOBINLINE` as it is: an urgent octet is taken out of the stream, and nobody asks for it."""

import socket

from services.echo.server import BACKLOG, PORT, EchoServer

if __name__ == "__main__":
    listener = socket.create_server(("", PORT), family=socket.AF_INET6, dualstack_ipv6=True, backlog=BACKLOG)
    EchoServer(listener).serve_forever()
