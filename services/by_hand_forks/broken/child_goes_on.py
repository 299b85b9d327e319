"""Lets the child return: it goes on with the parent's loop, accepts clients and has children of its own."""

import os
import socket

from services.by_hand_forks import server
from services.upper_tcp.server import listen


class ForkingServer(server.ForkingServer):
    """Forgets that from `fork` on there are two of it."""

    def start_child(self, sock: socket.socket, peer: tuple[str, int]) -> None:
        """Fork, and serve in the child, but do not end there."""
        try:
            pid = os.fork()
        except OSError:
            return
        if pid:
            self.children.add(pid)
        else:
            self.children.clear()
            self.serve(sock, peer)


if __name__ == "__main__":
    ForkingServer(listen()).serve_forever()
