"""Collects the pieces of a line in one buffer for all: one client gets what another one said."""

from services.by_hand_select import server
from services.upper_tcp.server import listen


class Conversation(server.Conversation):
    """Keeps the beginnings of all lines in the class, not in the object."""

    shared = b""

    def receive(self) -> None:
        """Take what has arrived, and put it behind whatever came before."""
        self.received = Conversation.shared
        super().receive()
        Conversation.shared = self.received


class SelectServer(server.SelectServer):
    """The select server with that conversation."""

    conversation_type = Conversation


if __name__ == "__main__":
    SelectServer(listen()).serve_forever()
