r"""Upper case over TCP and UDP, a thread for each client: the framework's server and one more base class.

Spec:    the line protocol of services/upper_tcp/protocol.py; for UDP that of services/upper_udp
Model:   threading: the main thread only accepts; each request is handled in a thread of its own
Try:     printf 'hello\nworld\n\n' | nc -N threading 9999
Observe: hold fifty clients open: the next one is answered at once, and so is a datagram
Limits:  100 threads; who comes on top is hung up on, and a datagram on top is dropped

Nothing in the handlers changed: they are those of `socketserver`. The mix-in overrides one
method, `process_request`, and stands before the server among the bases, or its method would
never be found. Handlers now run at the same time, so what they share would need a lock; the
cheapest lock is to share nothing.
"""

import socketserver
import threading
from typing import Any

from services.journal import log
from services.socketserver import server
from services.socketserver.server import ADDRESS, DatagramHandler, LineHandler, serve

MAX_THREADS = 100  # the container may have 128 threads in all, health checks included


class ThreadForEach(socketserver.ThreadingMixIn, server.DualStack):
    """Hands each request to a new thread, up to a limit."""

    daemon_threads = True  # do not keep a list of threads to wait for at the end: there is no end

    def verify_request(self, request: Any, client_address: Any) -> bool:
        """Tell whether there is a thread left for this request; if not, the framework closes it."""
        if threading.active_count() <= MAX_THREADS:
            return True
        log(client_address, f"refused: {MAX_THREADS} threads are busy")
        return False


class TCPServer(ThreadForEach, server.TCPServer):
    """Connections, all at once."""


class UDPServer(ThreadForEach, server.UDPServer):
    """Datagrams, all at once."""


if __name__ == "__main__":
    serve(TCPServer(ADDRESS, LineHandler), UDPServer(ADDRESS, DatagramHandler))
