"""Serves one SMTP client and one POP3 client: the next ones wait."""

import asyncio

from services.mail import pop3, protocol, server, smtp

SMTP_TURN, POP3_TURN = asyncio.Lock(), asyncio.Lock()


class Conversation(smtp.Conversation):
    """Begins when the one before has ended."""

    async def _handle_client(self) -> None:
        async with SMTP_TURN:
            await super()._handle_client()


class Pop3(pop3.Pop3):
    """The same for readers."""

    async def answer_commands(
        self, session: protocol.Session, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> str:
        """Wait for the turn."""
        async with POP3_TURN:
            return await super().answer_commands(session, reader, writer)


if __name__ == "__main__":
    server.main(conversation_type=Conversation, pop3_type=Pop3)
