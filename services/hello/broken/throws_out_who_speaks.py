"""Looks whether the client has sent something, and hangs up on it: only silence is greeted."""

import select
import socket

from services.hello import server

A_MOMENT_S = 0.02


def greet(sock: socket.socket, peer: tuple[str, int]) -> None:
    """Greet who can wait."""
    if not select.select([sock], [], [], A_MOMENT_S)[0]:
        greet_anyone(sock, peer)


greet_anyone = server.greet
server.greet = greet
server.serve_forever(socket.create_server(("", server.PORT), family=socket.AF_INET6, dualstack_ipv6=True))
