"""Looks whether the client has sent something, and hangs up on it: only silence is greeted."""

import select
import socket

from services.hello.server import PORT
from services.journal import peer_name

A_MOMENT_S = 0.02

listener = socket.create_server(("", PORT), family=socket.AF_INET6, dualstack_ipv6=True)
while True:
    sock, peer = listener.accept()
    with sock:
        if not select.select([sock], [], [], A_MOMENT_S)[0]:
            sock.sendall(f"Hello, {peer_name(peer)}!\n".encode())
