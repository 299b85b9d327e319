"""Reads text: decodes each line, strips it, changes it, encodes it again."""

from services.by_hand_select import server
from services.upper_tcp.server import listen


class Conversation(server.Conversation):
    """Has the wrong idea of upper case."""

    def answer(self, line: bytes) -> None:
        """Owe the text in upper case."""
        super().answer(line.decode(errors="replace").strip().upper().encode())


class SelectServer(server.SelectServer):
    """The select server with that conversation."""

    conversation_type = Conversation


if __name__ == "__main__":
    SelectServer(listen()).serve_forever()
