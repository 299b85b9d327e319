"""Serves one client to its end before it looks at the next."""

import asyncio

from services.ftp import server


class Server(server.Server):
    """Has one waiter."""

    turn = None

    async def converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Wait for the turn."""
        self.turn = self.turn or asyncio.Lock()
        async with self.turn:
            await super().converse(reader, writer)


if __name__ == "__main__":
    server.main(server_type=Server)
