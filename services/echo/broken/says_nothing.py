"""Accepts and never sends a single octet."""

import socket

from services.echo.server import PORT

listener = socket.create_server(("", PORT), family=socket.AF_INET6, dualstack_ipv6=True)
clients = []
while True:
    clients.append(listener.accept())
