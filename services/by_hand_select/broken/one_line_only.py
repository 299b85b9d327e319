"""Answers one line and hangs up: that a conversation goes on was forgotten."""

from services.by_hand_select import server
from services.upper_tcp.server import listen


class Conversation(server.Conversation):
    """Ends with its first answer."""

    def answer(self, line: bytes) -> None:
        """Owe one answer and no more."""
        super().answer(line)
        self.ending = "one line"


class SelectServer(server.SelectServer):
    """The select server with that conversation."""

    conversation_type = Conversation


if __name__ == "__main__":
    SelectServer(listen()).serve_forever()
