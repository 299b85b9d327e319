"""Listens on IPv4 only, as `socket.create_server(("", 9000))` does."""

import socket

from services.hello.server import BACKLOG, PORT, serve_forever

serve_forever(socket.create_server(("", PORT), backlog=BACKLOG))
