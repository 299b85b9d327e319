"""Takes IncompleteReadError for an empty read: what was unfinished at the end of file is dropped."""

import asyncio

from services.asyncio import server
from services.upper_tcp.protocol import MAX_LINE_OCTETS


class LineServer(server.LineServer):
    """Looks at the exception, and not into it."""

    async def read_line(self, reader: asyncio.StreamReader) -> bytes:
        """Return a whole line or nothing."""
        line = await super().read_line(reader)
        return line if line.endswith(b"\n") or len(line) > MAX_LINE_OCTETS else b""


if __name__ == "__main__":
    asyncio.run(server.serve_forever(LineServer()))
