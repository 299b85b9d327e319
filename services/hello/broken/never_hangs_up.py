"""Keeps every connection in a list, and so open: the client waits for more."""

import socket

from services.hello.server import PORT
from services.journal import peer_name

listener = socket.create_server(("", PORT), family=socket.AF_INET6, dualstack_ipv6=True)
greeted = []
while True:
    sock, peer = listener.accept()
    sock.sendall(f"Hello, {peer_name(peer)}!\n".encode())
    greeted.append(sock)
