"""Listens on IPv4 only, as `socket.create_server(("", 7))` does."""

import socket

from services.echo.server import BACKLOG, PORT, EchoServer

EchoServer(socket.create_server(("", PORT), backlog=BACKLOG)).serve_forever()
