r"""Upper case over TCP and UDP, a process for each client: the framework's server and one more base class.

Spec:    the line protocol of services/upper_tcp/protocol.py; for UDP that of services/upper_udp
Model:   forking: the parent only accepts; each request is handled in a child process, a copy of it
Try:     printf 'hello\nworld\n\n' | nc -N forking 9999
Observe: `labctl exec lab forking ls /proc` while clients are held: one more process for each
Limits:  60 children a protocol; who comes on top is hung up on, and a datagram on top is dropped

A child shares nothing with its parent: what a handler changes is gone with it, and a handler
that crashes takes nobody along. Its price is a fork for each request and, when a child has
ended, a zombie: its exit status, kept until the parent asks. The framework asks in
`service_actions`, so somebody has to call that even when no client comes.

A process with threads should not fork: the child gets the locks of all threads, and the thread
that would release them is not copied. So both servers run in one thread, and `select` says whose
turn it is.
"""

import selectors
import socketserver
from typing import Any

from services.journal import log
from services.socketserver import server
from services.socketserver.server import ADDRESS, DatagramHandler, LineHandler

MAX_CHILDREN = 60  # of each server; the container may have 128 processes in all
REAP_EVERY_S = 0.2  # no zombie stays longer, whether or not a client comes


class ProcessForEach(socketserver.ForkingMixIn, server.DualStack):
    """Hands each request to a new process, up to a limit."""

    timeout = 0  # handle_request is only called when there is one: should it be gone, do not wait
    max_children = MAX_CHILDREN + 1  # never reached: here the framework would wait for a child to end

    def verify_request(self, request: Any, client_address: Any) -> bool:
        """Tell whether one more child may be had; if not, the framework closes the request."""
        if len(self.active_children or ()) < MAX_CHILDREN:
            return True
        log(client_address, f"refused: {MAX_CHILDREN} children are busy")
        return False


class TCPServer(ProcessForEach, server.TCPServer):
    """Connections, all at once."""


class UDPServer(ProcessForEach, server.UDPServer):
    """Datagrams, all at once."""


def serve(*servers: ProcessForEach) -> None:
    """Hand each request to its server as it comes, for ever, and let them reap the children they have."""
    with selectors.DefaultSelector() as selector:
        for each in servers:
            selector.register(each, selectors.EVENT_READ, each)
        while True:
            has_children = any(each.active_children for each in servers)
            for key, _ in selector.select(REAP_EVERY_S if has_children else None):
                key.data.handle_request()
            for each in servers:
                each.service_actions()


if __name__ == "__main__":
    serve(TCPServer(ADDRESS, LineHandler), UDPServer(ADDRESS, DatagramHandler))
