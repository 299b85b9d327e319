"""Listens on IPv4 only, as `socket.create_server(("", 9999))` does."""

import socket

from services.upper_tcp.server import BACKLOG, PORT, serve_forever

serve_forever(socket.create_server(("", PORT), backlog=BACKLOG))
