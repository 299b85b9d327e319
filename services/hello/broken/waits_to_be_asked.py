"""Waits for the client to say something first, while the client waits for its greeting."""

import socket

from services.hello import server

PATIENCE_S = 2.0


def greet(sock: socket.socket, peer: tuple[str, int]) -> None:
    """Read, then greet."""
    sock.settimeout(PATIENCE_S)
    sock.recv(1024)
    greet_at_once(sock, peer)


greet_at_once = server.greet
server.greet = greet
server.serve_forever(socket.create_server(("", server.PORT), family=socket.AF_INET6, dualstack_ipv6=True))
