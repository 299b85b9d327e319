"""Takes whatever a read returns for a line: right by luck, as long as lines are short and few."""

from services.by_hand_select import server
from services.upper_tcp.server import listen


class Conversation(server.Conversation):
    """Keeps no beginning of any line."""

    def receive(self) -> None:
        """Answer what has arrived."""
        self.answer(self.sock.recv(1024).strip(b"\r\n"))


class SelectServer(server.SelectServer):
    """The select server with that conversation."""

    conversation_type = Conversation


if __name__ == "__main__":
    SelectServer(listen()).serve_forever()
