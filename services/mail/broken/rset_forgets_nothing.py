"""Says OK to RSET and keeps the envelope."""

from services.mail import server, smtp


class Conversation(smtp.Conversation):
    """Takes RSET for another NOOP."""

    async def smtp_RSET(self, arg: str) -> None:
        """Answer, and that is all."""
        await self.push("250 OK")


if __name__ == "__main__":
    server.main(conversation_type=Conversation)
