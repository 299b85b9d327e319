"""Reads text: decodes each line, strips it, changes it, encodes it again."""

import asyncio

from services.asyncio import server


class LineServer(server.LineServer):
    """Has the wrong idea of upper case."""

    async def read_line(self, reader: asyncio.StreamReader) -> bytes:
        """Return a line as text, encoded."""
        line = await super().read_line(reader)
        return line.decode(errors="replace").strip().upper().encode() + b"\n" if line else b""


if __name__ == "__main__":
    asyncio.run(server.serve_forever(LineServer()))
