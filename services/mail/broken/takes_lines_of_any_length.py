"""Has no limit for a line of text: it waits for the end, however long that takes."""

from services.mail import protocol, server, smtp


class IncomingMail(protocol.IncomingMail):
    """Takes any line."""

    def refuse(self, reply: str) -> None:
        """Refuse for any reason but a line's length."""
        if not reply.startswith("500"):
            super().refuse(reply)


class Conversation(smtp.Conversation):
    """The conversation that reads so."""

    incoming_type = IncomingMail


if __name__ == "__main__":
    server.main(conversation_type=Conversation)
