"""Strips the line feed only: telnet's carriage return comes back, and its blank line is none."""

import asyncio

from services.asyncio import server


class LineServer(server.LineServer):
    """Knows one kind of line end."""

    async def read_line(self, reader: asyncio.StreamReader) -> bytes:
        """Return a line, whose carriage return counts as a part of it."""
        line = await super().read_line(reader)
        return line.replace(b"\r\n", b"\r\r\n")


if __name__ == "__main__":
    asyncio.run(server.serve_forever(LineServer()))
