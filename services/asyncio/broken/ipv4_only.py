"""Listens on IPv4 only, as `0.0.0.0` says."""

import asyncio

from services.asyncio.server import LineServer
from services.upper_tcp.protocol import MAX_LINE_OCTETS
from services.upper_tcp.server import PORT


async def main() -> None:
    """Listen on every address of one family."""
    server = await asyncio.start_server(LineServer().welcome, "0.0.0.0", PORT, limit=MAX_LINE_OCTETS)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
