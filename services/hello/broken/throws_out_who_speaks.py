"""Looks whether the client has sent something, and hangs up on it: only silence is greeted."""

import select
import socket

from services.hello import server

A_MOMENT_S = 0.3  # shorter when the next client knocks


def greet(sock: socket.socket, peer: tuple[str, int]) -> None:
    """Greet who can wait."""
    if sock not in select.select([sock, listener], [], [], A_MOMENT_S)[0]:
        greet_anyone(sock, peer)


greet_anyone = server.greet
server.greet = greet
listener = socket.create_server(("", server.PORT), family=socket.AF_INET6, dualstack_ipv6=True)
server.serve_forever(listener)
