"""Awaits each conversation in the loop that accepts: the next client waits until it is over."""

import asyncio

from services.asyncio.server import LineServer
from services.upper_tcp.server import listen


async def main() -> None:
    """Accept, and see the client through; should have been a task of its own."""
    loop = asyncio.get_running_loop()
    listener = listen()
    listener.setblocking(False)
    server = LineServer()
    while True:
        sock, _ = await loop.sock_accept(listener)
        await server.welcome(*await asyncio.open_connection(sock=sock))


if __name__ == "__main__":
    asyncio.run(main())
