"""Counts who comes and not who leaves: after 200 clients the house is full of nobody."""

from services.by_hand_select import server
from services.upper_tcp.server import listen


class SelectServer(server.SelectServer):
    """Keeps a guest book instead of looking who is there."""

    guests = 0

    def accept(self) -> None:
        """Welcome a client as long as the book has lines."""
        if self.guests == server.MAX_CLIENTS:
            self.listener.accept()[0].close()
            return
        self.guests += 1
        super().accept()


if __name__ == "__main__":
    SelectServer(listen()).serve_forever()
