"""Takes a client that has left for an error of its own, and five of those for the end."""

import socket

from services.hello import server

MAX_ERRORS = 5
errors = 0


def greet(sock: socket.socket, peer: tuple[str, int]) -> None:
    """Greet, and lose patience."""
    global errors
    try:
        greet_patiently(sock, peer)
    except OSError:
        errors += 1
        if errors == MAX_ERRORS:
            raise SystemExit("too many errors") from None
        raise


greet_patiently = server.greet
server.greet = greet
server.serve_forever(socket.create_server(("", server.PORT), family=socket.AF_INET6, dualstack_ipv6=True))
