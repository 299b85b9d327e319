"""Answers one line and hangs up: the loop was forgotten."""

import asyncio

from services.asyncio import server


class LineServer(server.LineServer):
    """Takes a connection for a request of one line."""

    async def converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> str:
        """Answer the first line."""
        await self.send(writer, (await self.read_line(reader)).strip(b"\r\n").upper() + b"\n")
        return "done"


if __name__ == "__main__":
    asyncio.run(server.serve_forever(LineServer()))
