r"""Upper case over TCP, a process for each client, by hand.

Spec:    the line protocol of services/upper_tcp/protocol.py
Model:   forking: the parent only accepts; each client is served by a child, a copy of the parent
Try:     printf 'hello\nworld\n\n' | nc -N by-hand-forks 9999
Observe: `labctl exec lab by-hand-forks ls /proc` while clients are held: one more process for each
Limits:  60 children; who comes on top is hung up on

`fork` returns twice: in the parent with the child's number, in the child with 0. Both then have both
sockets, so each closes the one that is not its own: the child the listener, the parent the
connection. A connection ends only when the last copy of its socket is closed.

A child that has ended stays as a zombie, its exit status kept until the parent asks for it. Here the
parent asks after each `accept`, and while it has children it waits for no client longer than
`REAP_EVERY_S`. Without children it sleeps until somebody comes.
"""

import os
import socket
from collections.abc import Callable

from services.journal import log
from services.scarcity import accept
from services.upper_tcp.server import listen, serve

MAX_CHILDREN = 60  # the container may have 128 processes in all, and memory for so many
REAP_EVERY_S = 0.2  # no zombie stays longer, whether or not a client comes

Serve = Callable[[socket.socket, tuple[str, int]], None]


class ForkingServer:
    """A listening socket, and a child for each client that it brings."""

    def __init__(self, listener: socket.socket, serve: Serve = serve) -> None:
        self.listener = listener
        self.serve = serve
        self.children: set[int] = set()  # process numbers; those that have not been reaped

    def serve_forever(self) -> None:
        """Accept, hand over, reap, accept again."""
        while True:
            self.listener.settimeout(REAP_EVERY_S if self.children else None)
            try:
                sock, peer = accept(self.listener)
            except OSError:  # nobody came in time, or who came has left again
                self.reap()
                continue
            self.reap()
            if len(self.children) < MAX_CHILDREN:
                self.start_child(sock, peer)
            else:
                log(peer, f"refused: {MAX_CHILDREN} children are busy")
            sock.close()  # our copy; the child has its own

    def start_child(self, sock: socket.socket, peer: tuple[str, int]) -> None:
        """Fork; in the child, serve the client and end."""
        try:
            pid = os.fork()
        except OSError as error:  # no more processes, or no memory for one
            log(peer, f"refused: {error.strerror}")
            return
        if pid:
            self.children.add(pid)
            return
        try:
            self.listener.close()
            self.serve(sock, peer)
        finally:
            os._exit(0)  # not sys.exit, nor return: the child must never go on with the parent's loop

    def reap(self) -> None:
        """Ask for the exit status of each child that has ended; then it is gone."""
        for pid in list(self.children):
            if os.waitpid(pid, os.WNOHANG) != (0, 0):
                self.children.remove(pid)


if __name__ == "__main__":
    ForkingServer(listen()).serve_forever()
