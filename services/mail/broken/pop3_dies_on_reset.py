"""Does not expect a POP3 client to reset: the error ends the whole server."""

import asyncio
import os

from services.mail import conversations, server


class Conversations(conversations.Conversations):
    """Takes every error for the last one, but not the first client's, which may be a probe."""

    met = 0

    async def answer_lines(
        self, session: conversations.Session, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> str:
        """Leave with it."""
        self.met += 1
        try:
            return await super().answer_lines(session, reader, writer)
        except ConnectionError:
            if self.limits.name == "POP3" and self.met > 1:
                os._exit(1)
            raise


if __name__ == "__main__":
    server.main(conversations_type=Conversations)
