"""Clients accepted one after another, each served by a task of its own, also when descriptors run out.

`asyncio.start_server` would accept for us. Where no descriptor is left it logs a traceback for each place in
the queue, and asks again only after a second.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable

from services.asyncio.server import accept

Converse = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


async def serve_clients(listener: socket.socket, converse: Converse, limit_octets: int) -> None:
    """Serve all who come, until cancelled.

    Args:
        listener: a listening socket.
        converse: serves one client.
        limit_octets: of a line; the reader holds twice as much at most.
    """
    listener.setblocking(False)
    tasks = set()  # the event loop itself keeps no task alive
    while True:
        task = asyncio.create_task(_serve(await accept(listener), converse, limit_octets))
        tasks.add(task)
        task.add_done_callback(tasks.discard)


async def _serve(sock: socket.socket, converse: Converse, limit_octets: int) -> None:
    """Make the two streams of a connection, and let them be used."""
    reader, writer = await asyncio.open_connection(sock=sock, limit=limit_octets)
    if writer.get_extra_info("peername") is None:  # it has left already, and nobody knows who it was
        writer.close()
    else:
        await converse(reader, writer)
