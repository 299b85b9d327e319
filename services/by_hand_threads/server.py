r"""Upper case over TCP, a thread for each client, by hand.

Spec:    the line protocol of services/upper_tcp/protocol.py
Model:   threading: the main thread only accepts; each client is served in a thread of its own
Try:     printf 'hello\nworld\n\n' | nc -N by-hand-threads 9999
Observe: hold one client open in the middle of a line and start another: it is answered at once
Limits:  100 clients; who comes on top is hung up on

This is what `socketserver.ThreadingMixIn` does, without the framework: `accept`, a `Thread` for
the connection, and back to `accept`. What a client needs lives in its thread's own variables. One
thing is shared, the count of clients, and so every change of it happens under a lock: `+= 1` reads,
adds and writes, and another thread may come in between.
"""

import socket
import threading
from collections.abc import Callable

from services.journal import log
from services.scarcity import accept
from services.upper_tcp.server import listen, serve

MAX_CLIENTS = 100  # the container may have 128 threads in all, health checks included

Serve = Callable[[socket.socket, tuple[str, int]], None]


class ThreadedServer:
    """A listening socket, and a thread for each client that it brings."""

    def __init__(self, listener: socket.socket, serve: Serve = serve) -> None:
        self.listener = listener
        self.serve = serve
        self.lock = threading.Lock()
        self.clients = 0  # being served now; touched under the lock alone

    def serve_forever(self) -> None:
        """Accept, hand over, accept again."""
        while True:
            try:
                sock, peer = accept(self.listener)
            except OSError:  # it left while it was waiting
                continue
            if self.enter():
                self.start_thread(sock, peer)
            else:
                log(peer, f"refused: {MAX_CLIENTS} clients are here")
                sock.close()

    def start_thread(self, sock: socket.socket, peer: tuple[str, int]) -> None:
        """Serve the client in a thread of its own; where none can be had, hang up."""
        # The function and its arguments, apart: `target=self.run(sock, peer)` would run it here.
        thread = threading.Thread(target=self.run, args=(sock, peer), daemon=True)
        try:
            thread.start()
        except RuntimeError as error:  # no more threads, or no memory for one
            self.leave()  # `run` will not do it: it has never begun
            log(peer, f"refused: {error}")
            sock.close()

    def run(self, sock: socket.socket, peer: tuple[str, int]) -> None:
        """Serve one client, in its own thread, and give its place back whatever happens."""
        try:
            self.serve(sock, peer)
        finally:
            self.leave()

    def enter(self) -> bool:
        """Take a place if there is one."""
        with self.lock:
            if self.clients == MAX_CLIENTS:
                return False
            self.clients += 1
            return True

    def leave(self) -> None:
        """Give a place back."""
        with self.lock:
            self.clients -= 1


if __name__ == "__main__":
    ThreadedServer(listen()).serve_forever()
