"""Prints what `accept` returns on a socket for both families: an IPv4 client is told ::ffff:10.89.0.5."""

import socket

from services.hello import server


def greet(sock: socket.socket, peer: tuple[str, int]) -> None:
    """Greet by the address as it comes."""
    sock.sendall(f"Hello, {peer[0]}!\n".encode())
    sock.shutdown(socket.SHUT_WR)


server.greet = greet
server.serve_forever(socket.create_server(("", server.PORT), family=socket.AF_INET6, dualstack_ipv6=True))
