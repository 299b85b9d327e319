"""Prints what `accept` returns on a socket for both families: an IPv4 client is told ::ffff:10.89.0.5."""

import socket

from services.hello.server import PORT

listener = socket.create_server(("", PORT), family=socket.AF_INET6, dualstack_ipv6=True)
while True:
    sock, peer = listener.accept()
    with sock:
        sock.sendall(f"Hello, {peer[0]}!\n".encode())
