"""Asks for no child's exit status: zombies pile up until no process may be made."""

from services.by_hand_forks import server
from services.upper_tcp.server import listen


class ForkingServer(server.ForkingServer):
    """Believes that a child is gone once it has ended."""

    def reap(self) -> None:
        """Count the children no more, and leave them as they are."""
        self.children.clear()


if __name__ == "__main__":
    ForkingServer(listen()).serve_forever()
