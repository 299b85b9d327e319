"""Leaves `SO_OOBINLINE` as it is: an urgent octet is taken out of the stream, and nobody asks for it."""

import asyncio

from services.asyncio.server import LineServer
from services.upper_tcp.protocol import MAX_LINE_OCTETS
from services.upper_tcp.server import PORT


async def main() -> None:
    """Let the library make the listener, and leave it as it comes."""
    server = await asyncio.start_server(LineServer().welcome, None, PORT, limit=MAX_LINE_OCTETS)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
