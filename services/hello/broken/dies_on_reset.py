"""Does not expect a client to have left before it is greeted: the error ends the whole server."""

import socket

from services.hello.server import PORT, greet

listener = socket.create_server(("", PORT), family=socket.AF_INET6, dualstack_ipv6=True)
while True:
    sock, peer = listener.accept()
    with sock:
        greet(sock, peer)
