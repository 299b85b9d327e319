"""Keeps every connection, and so keeps it open: the client waits for more."""

import socket

from services.hello import server
from services.journal import peer_name


def greet(sock: socket.socket, peer: tuple[str, int]) -> None:
    """Greet, and remember the guest."""
    sock.sendall(f"Hello, {peer_name(peer)}!\n".encode())
    guests.append(sock.dup())


guests: list[socket.socket] = []
server.greet = greet
server.serve_forever(socket.create_server(("", server.PORT), family=socket.AF_INET6, dualstack_ipv6=True))
