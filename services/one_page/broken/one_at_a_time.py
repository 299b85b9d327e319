"""Serves each request in the loop that accepts: a client that types slowly holds up all others."""

import socket

from services.one_page import server

listener = socket.create_server(
    ("", server.PORT), family=socket.AF_INET6, dualstack_ipv6=True, backlog=server.BACKLOG
)
while True:
    server.serve(*listener.accept())
