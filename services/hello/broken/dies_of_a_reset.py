"""Waits a moment for the client to leave, and dies of one that leaves by a reset."""

import contextlib
import socket

from services.hello import server

PATIENCE_S = 0.05


def greet(sock: socket.socket, peer: tuple[str, int]) -> None:
    """Greet, and expect a client that is still there."""
    try:
        greet_who_is_there(sock, peer)
    except OSError as error:
        raise SystemExit(f"{peer[0]} has left: {error.strerror}") from None


def wait_for_the_end(sock: socket.socket) -> None:
    """Read to the end, as long as it takes no longer than a moment; expect no reset."""
    sock.settimeout(PATIENCE_S)
    with contextlib.suppress(TimeoutError):
        while sock.recv(64 * 1024):
            pass


greet_who_is_there = server.greet
server.greet, server.drop_what_came = greet, wait_for_the_end
server.serve_forever(socket.create_server(("", server.PORT), family=socket.AF_INET6, dualstack_ipv6=True))
