"""Takes the wrong end's address: `getsockname` is the server's own, `getpeername` the client's."""

import socket

from services.hello import server


def greet(sock: socket.socket, peer: tuple[str, int]) -> None:
    """Greet the client by the server's name."""
    greet_by_name(sock, sock.getsockname())


greet_by_name = server.greet
server.greet = greet
server.serve_forever(socket.create_server(("", server.PORT), family=socket.AF_INET6, dualstack_ipv6=True))
