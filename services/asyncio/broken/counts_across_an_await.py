"""Reads the count of clients, awaits, and writes it back: those who came meanwhile are counted wrong."""

import asyncio

from services.asyncio import server


class LineServer(server.LineServer):
    """Needs no lock between two awaits, and has an await in between."""

    async def welcome(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one client, and leave the count as it was before."""
        clients = self.clients
        await super().welcome(reader, writer)
        self.clients = clients


if __name__ == "__main__":
    asyncio.run(server.serve_forever(LineServer()))
