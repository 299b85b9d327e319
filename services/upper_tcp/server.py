r"""Upper case over TCP, the classical way: by hand, and one client at a time.

Spec:    the lab's own line protocol, in protocol.py beside this file
Model:   iterative: accept one client, serve it to its end, accept the next
Try:     printf 'hello\nworld\n\n' | nc -N upper-tcp 9999
Observe: hold one client open and start a second: it connects and sends, but is answered later
Limits:  a client that is silent for 300 s is hung up on; one that keeps talking holds up all others

The second client connects although nobody accepts it: the kernel shakes hands by itself and
keeps the connection in the listener's queue, with what the client sends. Only when the queue
is full (`BACKLOG`) does `connect` hang. Nothing here can mend that; `threading` and `forking` do.
"""

import contextlib
import socket
from collections.abc import Callable
from io import BufferedIOBase

from services.journal import log
from services.scarcity import accept
from services.upper_tcp.protocol import IDLE_TIMEOUT_S, converse

PORT = 9999
BACKLOG = 256  # so many clients may wait for their turn
LINGER_S = 0.2  # per read; a client that has left already costs nothing
LINGER_READS = 16  # with 64 KiB each: a megabyte of late octets, then a reset is deserved

Conversation = Callable[[BufferedIOBase, Callable[[bytes], object]], str]


def hang_up(sock: socket.socket) -> None:
    """Say that nothing more will come, and take in what is still on its way.

    A socket closed with octets unread sends a reset (RFC 1122 section 4.2.2.13), and a reset may
    reach the client before it has read our last answer.
    """
    with contextlib.suppress(OSError):
        sock.shutdown(socket.SHUT_WR)
        sock.settimeout(LINGER_S)
        for _ in range(LINGER_READS):
            if not sock.recv(64 * 1024):
                break


def listen(backlog: int = BACKLOG) -> socket.socket:
    """Return a listening socket for IPv6 and, as mapped addresses, for IPv4."""
    listener = socket.create_server(("", PORT), family=socket.AF_INET6, dualstack_ipv6=True, backlog=backlog)
    # The sockets that it accepts inherit this: an urgent octet stays in its place (RFC 6093 section 3.1).
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_OOBINLINE, 1)
    return listener


def serve(sock: socket.socket, peer: tuple[str, int], conversation: Conversation = converse) -> None:
    """Serve one client from its first line to its last."""
    sock.settimeout(IDLE_TIMEOUT_S)
    with sock, sock.makefile("rb") as reader:
        log(peer, conversation(reader, sock.sendall))
        hang_up(sock)


def serve_forever(listener: socket.socket, conversation: Conversation = converse) -> None:
    """Serve one client after the other: while this one talks, the others wait."""
    while True:
        try:
            sock, peer = accept(listener)
        except OSError:  # it left while it was waiting
            continue
        serve(sock, peer, conversation)


if __name__ == "__main__":
    serve_forever(listen())
