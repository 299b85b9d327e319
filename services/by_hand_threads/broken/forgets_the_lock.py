"""Counts clients without the lock: threads that leave together overwrite each other's count."""

import time

from services.by_hand_threads import server
from services.upper_tcp.server import listen

COUNTING_S = 0.02


class ThreadedServer(server.ThreadedServer):
    """Takes a while to count, as a busy machine may at any time."""

    def leave(self) -> None:
        """Read the count, and write what it was a while ago."""
        clients = self.clients
        time.sleep(COUNTING_S)
        self.clients = clients - 1


if __name__ == "__main__":
    ThreadedServer(listen()).serve_forever()
