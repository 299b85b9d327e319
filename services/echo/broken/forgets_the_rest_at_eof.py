"""Closes as soon as the client has ended its side, whatever it still owes."""

from services.echo import server


class Conversation(server.Conversation):
    """Takes EOF for the end of the whole conversation."""

    @property
    def interests(self) -> int:
        """Nothing is of interest any more once the peer is done."""
        return 0 if self.peer_done else super().interests

    def receive(self) -> None:
        """Take what has arrived; at EOF drop what is owed."""
        super().receive()
        if self.peer_done:
            self.owed.clear()


class EchoServer(server.EchoServer):
    """The echo server with that conversation."""

    conversation_type = Conversation


if __name__ == "__main__":
    EchoServer().serve_forever()
