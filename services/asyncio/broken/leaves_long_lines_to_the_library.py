"""Calls `readline` and does not expect its ValueError: too long a line ends the task without a word."""

import asyncio

from services.asyncio import server


class LineServer(server.LineServer):
    """Knows of no limit, though the library has one."""

    async def read_line(self, reader: asyncio.StreamReader) -> bytes:
        """Return a line."""
        return await reader.readline()


if __name__ == "__main__":
    asyncio.run(server.serve_forever(LineServer()))
