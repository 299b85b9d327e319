"""Sends back what it got: the one word that makes it an upper-case server was forgotten."""

import asyncio

from services.asyncio import server


class LineServer(server.LineServer):
    """Upper case is somebody else's business."""

    async def converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> str:
        """Echo line after line."""
        while line := await self.read_line(reader):
            await self.send(writer, line)
        return "done"


if __name__ == "__main__":
    asyncio.run(server.serve_forever(LineServer()))
