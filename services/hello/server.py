r"""A greeter: whoever connects is told hello and where they come from, and that is all.

Spec:    none but this: one line with the client's address, unasked, then the end
Model:   iterative: accept one client, greet it, hang up, accept the next
Try:     nc -d hello 9000
Observe: connect twice: the address is the same, the port another one each time
Limits:  nothing the client says is read as meaning anything

The server speaks first, so nobody has to be waited for: a line this short always fits into the
kernel's buffer for a fresh connection, and the loop goes on whether or not the client reads it.
That is why one client at a time is enough here, and would not be for a server that listens.
"""

import contextlib
import socket

from services.journal import log, peer_name
from services.scarcity import accept

PORT = 9000
BACKLOG = 256  # so many may knock while one is greeted
DRAIN_READS = 16  # with 64 KiB each; who has sent more by now is not waiting to be greeted


def greet(sock: socket.socket, peer: tuple[str, int]) -> None:
    """Say hello and that nothing more will come.

    Raises:
        OSError: the client has left.
    """
    sock.sendall(f"Hello, {peer_name(peer)}!\n".encode())
    sock.shutdown(socket.SHUT_WR)


def drop_what_came(sock: socket.socket) -> None:
    """Take in what the client has sent so far, without waiting for more.

    To close a socket with octets unread sends a reset (RFC 1122 section 4.2.2.13), and on some
    systems a reset makes the client forget the greeting it has not read yet.
    """
    sock.setblocking(False)
    with contextlib.suppress(OSError):  # BlockingIOError: that was all
        for _ in range(DRAIN_READS):
            if not sock.recv(64 * 1024):
                break


def serve_forever(listener: socket.socket) -> None:
    """Greet one client after the other."""
    while True:
        try:
            sock, peer = accept(listener)
        except OSError:  # it left while it was waiting
            continue
        with sock:
            try:
                greet(sock, peer)
            except OSError as error:
                log(peer, f"left before it was greeted: {error.strerror}")
            else:
                log(peer, "greeted")
                drop_what_came(sock)


if __name__ == "__main__":
    serve_forever(
        socket.create_server(("", PORT), family=socket.AF_INET6, dualstack_ipv6=True, backlog=BACKLOG)
    )
