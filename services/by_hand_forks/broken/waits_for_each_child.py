"""Waits for the child right after the fork: an iterative server at the price of processes."""

import os
import socket

from services.by_hand_forks import server
from services.upper_tcp.server import listen


class ForkingServer(server.ForkingServer):
    """Leaves out WNOHANG."""

    def start_child(self, sock: socket.socket, peer: tuple[str, int]) -> None:
        """Fork, and wait for the end of the child."""
        super().start_child(sock, peer)
        while self.children:
            os.waitpid(self.children.pop(), 0)


if __name__ == "__main__":
    ForkingServer(listen()).serve_forever()
