"""Sends back what it got: the one word that makes it an upper-case server was forgotten."""

from services.by_hand_select import server
from services.upper_tcp.server import listen


class Conversation(server.Conversation):
    """Owes the line itself."""

    def answer(self, line: bytes) -> None:
        """Owe the same octets."""
        super().answer(line)
        self.owed[-len(line) - 1 : -1] = line


class SelectServer(server.SelectServer):
    """The select server with that conversation."""

    conversation_type = Conversation


if __name__ == "__main__":
    SelectServer(listen()).serve_forever()
