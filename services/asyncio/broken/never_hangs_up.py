"""Leaves the coroutine and believes the connection to end with it: a set still holds it."""

import asyncio

from services.asyncio import server


class LineServer(server.LineServer):
    """Does not say when it has said everything."""

    async def welcome(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer, and keep the writer, as one must keep tasks."""
        kept.add(writer)
        await self.converse(reader, writer)


kept: set[asyncio.StreamWriter] = set()


if __name__ == "__main__":
    asyncio.run(server.serve_forever(LineServer()))
