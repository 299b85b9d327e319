"""Writes `writer.drain()` without `await`: nothing waits, and memory takes what the client does not."""

import asyncio

from services.asyncio import server


class LineServer(server.LineServer):
    """Makes a coroutine and throws it away; Python warns of it, in the log."""

    async def send(self, writer: asyncio.StreamWriter, answer: bytes) -> None:
        """Keep the answer until the client may want it."""
        writer.write(answer)
        writer.drain()  # type: ignore[unused-coroutine]


if __name__ == "__main__":
    asyncio.run(server.serve_forever(LineServer()))
