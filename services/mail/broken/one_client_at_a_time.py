"""Serves one SMTP client and one POP3 client: the next ones wait."""

import asyncio

from services.mail import conversations, server


class Conversations(conversations.Conversations):
    """Begins when the one before has ended."""

    turn = None

    async def answer_lines(
        self, session: conversations.Session, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> str:
        """Wait for the turn."""
        self.turn = self.turn or asyncio.Lock()
        async with self.turn:
            return await super().answer_lines(session, reader, writer)


if __name__ == "__main__":
    server.main(conversations_type=Conversations)
