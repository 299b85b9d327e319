"""Judges a message by the size MAIL declares and never counts what comes."""

from services.mail import protocol, server, smtp


class IncomingMail(protocol.IncomingMail):
    """Takes as much as comes."""

    def refuse(self, reply: str) -> None:
        """Refuse for any reason but the size."""
        if not reply.startswith("552"):
            super().refuse(reply)


class Conversation(smtp.Conversation):
    """The conversation that reads so."""

    incoming_type = IncomingMail


if __name__ == "__main__":
    server.main(conversation_type=Conversation)
