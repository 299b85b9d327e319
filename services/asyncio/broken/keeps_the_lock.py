"""Holds a lock while it sends: a client that does not read, or resets, keeps it for ever."""

import asyncio

from services.asyncio import server


class LineServer(server.LineServer):
    """Takes and gives the lock by hand; should have written `async with`, and not around a send."""

    def __init__(self) -> None:
        super().__init__()
        self.lock = asyncio.Lock()

    async def send(self, writer: asyncio.StreamWriter, answer: bytes) -> None:
        """Send an answer when it is its turn."""
        await self.lock.acquire()
        await super().send(writer, answer)
        self.lock.release()


if __name__ == "__main__":
    asyncio.run(server.serve_forever(LineServer()))
