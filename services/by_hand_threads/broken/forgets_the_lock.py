"""Counts clients without the lock: it writes back a count it read before others came and left."""

import socket

from services.by_hand_threads import server
from services.upper_tcp.server import listen


class ThreadedServer(server.ThreadedServer):
    """Reads the count when a client comes, and writes one less when it leaves."""

    def run(self, sock: socket.socket, peer: tuple[str, int]) -> None:
        """Serve one client; what happened to the count meanwhile is lost."""
        clients = self.clients
        try:
            self.serve(sock, peer)
        finally:
            self.clients = clients - 1


if __name__ == "__main__":
    ThreadedServer(listen()).serve_forever()
