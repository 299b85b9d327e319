"""Empties its input after every reply: commands that came together get lost."""

import asyncio

from services.mail import conversations, server


class Conversations(conversations.Conversations):
    """Believes that a client waits for each reply."""

    async def answer_one(
        self, session: conversations.Session, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Answer, then forget what has come meanwhile."""
        await super().answer_one(session, reader, writer)
        try:
            async with asyncio.timeout(0.01):
                await reader.read(65536)
        except TimeoutError:
            pass


if __name__ == "__main__":
    server.main(conversations_type=Conversations)
