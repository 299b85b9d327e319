"""Reads to the end of file before it turns to the next client: one that stays holds up all others."""

import socket

from services.hello import server


def drop_what_came(sock: socket.socket) -> None:
    """Drop all that will ever come."""
    try:
        while sock.recv(1024):
            pass
    except OSError:
        pass


server.drop_what_came = drop_what_came
server.serve_forever(
    socket.create_server(("", server.PORT), family=socket.AF_INET6, dualstack_ipv6=True, backlog=50)
)
