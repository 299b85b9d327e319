r"""Upper case over TCP on asyncio: a coroutine for each client, all in one thread.

Spec:    the line protocol of services/upper_tcp/protocol.py
Model:   asyncio: an event loop lets each coroutine run up to its next `await`
Try:     printf 'hello\nworld\n\n' | nc -N asyncio 9999
Observe: compare `converse` with that of protocol.py: the same loop, with `await` wherever it may wait
Limits:  200 clients; who comes on top is hung up on. A line, or the taking of an answer, has 300 s

`by-hand-select` keeps for each client where it is; here the coroutine's own variables do, and the
event loop asks `select` for all of them. Between two `await`s nobody else runs, so the count of
clients needs no lock. For the same reason no call may block: a `time.sleep` would stop everybody.

`writer.write` never waits: it keeps what the kernel does not take. `await writer.drain()` is what
waits until it is taken; without it, a client that does not read fills the server's memory.
"""

import asyncio
import contextlib
import socket

from services.journal import log
from services.scarcity import PAUSE_S, is_scarcity, report
from services.upper_tcp.protocol import IDLE_TIMEOUT_S, MAX_LINE_OCTETS, TOO_LONG
from services.upper_tcp.server import listen

MAX_CLIENTS = 200
LINGER_S = 1.0  # for a client to take its last answer and hang up, before we do


class LineServer:
    """Who is here, and what is said to them."""

    def __init__(self) -> None:
        self.clients = 0

    async def welcome(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one client; the event loop calls this for each connection."""
        peer = writer.get_extra_info("peername")
        if self.clients == MAX_CLIENTS:
            log(peer, f"refused: {MAX_CLIENTS} clients are here")
            writer.transport.abort()
            return
        self.clients += 1
        writer.transport.set_write_buffer_limits(high=0)  # drain waits until all is sent, not most
        try:
            log(peer, await self.converse(reader, writer))
            await self.hang_up(reader, writer)
        finally:
            self.clients -= 1
            writer.transport.abort()  # not close: that waits, without end, for what is still unsent

    async def converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> str:
        """Answer line after line until the conversation ends, and return how it went."""
        answered = 0
        ending = "end of file"
        try:
            while line := await self.read_line(reader):
                if len(line) > MAX_LINE_OCTETS:
                    await self.send(writer, TOO_LONG)
                    ending = "line too long"
                    break
                line = line.removesuffix(b"\n").removesuffix(b"\r")
                if not line:
                    ending = "blank line"
                    break
                await self.send(writer, line.upper() + b"\n")
                answered += 1
        except TimeoutError:
            ending = "timed out"
        except OSError as error:  # reset by the peer, for one
            ending = error.strerror or str(error)
        return f"answered {answered} lines, {ending}"

    async def read_line(self, reader: asyncio.StreamReader) -> bytes:
        """Return a line with its end, as far as there is one; empty at the end of file.

        Of a line that is too long, as much is returned as shows that it is.
        """
        try:
            async with asyncio.timeout(IDLE_TIMEOUT_S):
                return await reader.readuntil(b"\n")
        except asyncio.IncompleteReadError as error:
            return error.partial
        except asyncio.LimitOverrunError as error:
            return await reader.read(error.consumed)

    async def send(self, writer: asyncio.StreamWriter, answer: bytes) -> None:
        """Send an answer, and wait until the kernel has all of it."""
        writer.write(answer)
        async with asyncio.timeout(IDLE_TIMEOUT_S):
            await writer.drain()

    async def hang_up(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Say that nothing more will come, and take in what is still on its way."""
        with contextlib.suppress(OSError):
            writer.write_eof()
            async with asyncio.timeout(LINGER_S):
                while await reader.read(MAX_LINE_OCTETS):
                    pass


async def accept(listener: socket.socket) -> socket.socket:
    """Return the next client's socket; while there is no descriptor for one, wait."""
    is_reported = False
    while True:
        try:
            sock, _ = await asyncio.get_running_loop().sock_accept(listener)
            return sock
        except OSError as error:
            if not is_scarcity(error):  # it left while it was waiting
                continue
            if not is_reported:
                report(error)
                is_reported = True
        await asyncio.sleep(PAUSE_S)


async def serve_forever(server: LineServer) -> None:
    """Accept, and start a task for each client.

    `asyncio.start_server` would accept for us; where no descriptor is left it logs a traceback for each
    place in the queue, and asks again only after a second.
    """
    listener = listen()
    listener.setblocking(False)
    tasks = set()  # the event loop itself keeps no task alive
    while True:
        task = asyncio.create_task(serve(server, await accept(listener)))
        tasks.add(task)
        task.add_done_callback(tasks.discard)


async def serve(server: LineServer, sock: socket.socket) -> None:
    """Make the two streams of a connection, and let the server talk on them."""
    await server.welcome(*await asyncio.open_connection(sock=sock, limit=MAX_LINE_OCTETS))


if __name__ == "__main__":
    asyncio.run(serve_forever(LineServer()))
