"""Sends to one client until it has taken everything: who does not read stops all others."""

from services.echo import server


class Conversation(server.Conversation):
    """Makes the socket wait, in a loop that must not."""

    def send(self) -> None:
        """Send all that is owed."""
        self.sock.setblocking(True)
        self.sock.sendall(self.owed)
        self.sock.setblocking(False)
        self.owed.clear()


class EchoServer(server.EchoServer):
    """The echo server with that conversation."""

    conversation_type = Conversation


if __name__ == "__main__":
    EchoServer(server.listen()).serve_forever()
