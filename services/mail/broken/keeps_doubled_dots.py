"""Keeps the dot that the sender has put before a dot at the start of a line."""

from services.mail import protocol, server, smtp


class IncomingMail(protocol.IncomingMail):
    """Knows the lone dot, and nothing else of dots."""

    def add(self, line: bytes) -> bool:
        """Put back the dot that is taken off."""
        doubled = line.startswith(b".") and line != b".\r\n"
        return super().add(b"." + line if doubled else line)


class Conversation(smtp.Conversation):
    """The conversation that reads so."""

    incoming_type = IncomingMail


if __name__ == "__main__":
    server.main(conversation_type=Conversation)
