"""Listens on IPv4 only, as `socket.create_server(("", 9999))` does."""

import socket

from services.by_hand_forks.server import ForkingServer
from services.upper_tcp.server import BACKLOG, PORT

ForkingServer(socket.create_server(("", PORT), backlog=BACKLOG)).serve_forever()
