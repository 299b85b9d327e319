"""Takes LF for a line end too: a message ends where others see text (smuggling)."""

from services.mail import protocol, server, smtp


class IncomingMail(protocol.IncomingMail):
    """Sees the end in any line that is a dot."""

    def add(self, line: bytes) -> bool:
        """Strip the line before looking at it."""
        return line.strip() == b"." or super().add(line)


class Conversation(smtp.Conversation):
    """The conversation that reads so."""

    incoming_type = IncomingMail


if __name__ == "__main__":
    server.main(conversation_type=Conversation)
