"""Does not expect a POP3 client to reset: the error ends the whole server."""

import asyncio
import sys

from services.mail import pop3, protocol, server


class Pop3(pop3.Pop3):
    """Takes every error for the last one."""

    async def answer_commands(
        self, session: protocol.Session, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> str:
        """Leave with it."""
        try:
            return await super().answer_commands(session, reader, writer)
        except ConnectionError:
            sys.exit(1)


if __name__ == "__main__":
    server.main(pop3_type=Pop3)
