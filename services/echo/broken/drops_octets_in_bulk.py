"""Ignores what `send` returns: what the kernel did not take at once is lost."""

from services.echo import server


class Conversation(server.Conversation):
    """Believes that send always sends everything."""

    def send(self) -> None:
        """Send once, and forget the rest."""
        self.sock.send(self.owed)
        self.owed.clear()


class EchoServer(server.EchoServer):
    """The echo server with that conversation."""

    conversation_type = Conversation


if __name__ == "__main__":
    EchoServer(server.listen()).serve_forever()
