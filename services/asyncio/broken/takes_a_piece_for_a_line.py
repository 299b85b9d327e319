"""Takes whatever a read returns for a line: right by luck, as long as lines are short and few."""

import asyncio

from services.asyncio import server


class LineServer(server.LineServer):
    """Uses `read` where `readuntil` belongs."""

    async def read_line(self, reader: asyncio.StreamReader) -> bytes:
        """Return a piece."""
        return await reader.read(1024)


if __name__ == "__main__":
    asyncio.run(server.serve_forever(LineServer()))
