"""Sends the moment it has something to send, and ignores what `send` returns: the rest is lost."""

import contextlib

from services.by_hand_select import server
from services.upper_tcp.server import listen


class Conversation(server.Conversation):
    """Believes that send always sends everything."""

    def receive(self) -> None:
        """Take what has arrived; send the answers at once, as far as that goes."""
        super().receive()
        with contextlib.suppress(BlockingIOError):
            self.sock.send(self.owed)
        self.owed.clear()


class SelectServer(server.SelectServer):
    """The select server with that conversation."""

    conversation_type = Conversation


if __name__ == "__main__":
    SelectServer(listen()).serve_forever()
