"""Treats what arrives as text: strips it before sending it back."""

from services.echo import server


class Conversation(server.Conversation):
    """Loses white space at the ends of whatever recv happened to return."""

    def receive(self) -> None:
        """Take what has arrived, without the blanks around it."""
        data = self.sock.recv(server.BUFFER_OCTETS - len(self.owed))
        self.owed += data.strip()
        self.peer_done = not data


class EchoServer(server.EchoServer):
    """The echo server with that conversation."""

    conversation_type = Conversation


if __name__ == "__main__":
    EchoServer(server.listen()).serve_forever()
