"""Calls a blocking read in a coroutine: while one client is in the middle of a line, nobody else runs."""

import asyncio
import socket

from services.upper_tcp.server import listen, serve


async def welcome(sock: socket.socket, peer: tuple[str, int]) -> None:
    """Serve one client with the code of the iterative server: `async def` does not make it asynchronous."""
    serve(sock, peer)


async def main() -> None:
    """Accept, and start a task for each client."""
    loop = asyncio.get_running_loop()
    listener = listen()
    listener.setblocking(False)
    tasks = set()
    while True:
        tasks.add(loop.create_task(welcome(*await loop.sock_accept(listener))))


if __name__ == "__main__":
    asyncio.run(main())
