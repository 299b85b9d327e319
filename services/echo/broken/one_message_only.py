"""Answers the first message and closes: the loop around recv was forgotten."""

import socket

from services.echo.server import PORT

listener = socket.create_server(("", PORT), family=socket.AF_INET6, dualstack_ipv6=True)
while True:
    sock, peer = listener.accept()
    with sock:
        sock.sendall(sock.recv(65536))
