"""Takes RCPT without MAIL: no order is kept."""

from services.mail import server, smtp


class Conversation(smtp.Conversation):
    """Never says 503 to RCPT."""

    async def smtp_RCPT(self, arg: str) -> None:
        """Pretend that there was a MAIL."""
        assert self.envelope is not None
        self.envelope.mail_from = self.envelope.mail_from or "<>"
        await super().smtp_RCPT(arg)


if __name__ == "__main__":
    server.main(conversation_type=Conversation)
