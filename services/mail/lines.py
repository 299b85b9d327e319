"""Reading lines from a peer that may never end one."""

import asyncio


async def read_line(reader: asyncio.StreamReader, limit_octets: int) -> bytes:
    """Return octets up to and with the next line feed.

    Of a line longer than `limit_octets` (which the reader was made with) only the end comes back, and
    that is still longer than the limit: memory stays bounded, and the caller sees what happened.

    Raises:
        asyncio.IncompleteReadError: the peer closed; an unfinished line is not a line.
        OSError: the connection is lost.
    """
    end = b""
    while True:
        try:
            return end + await reader.readuntil(b"\n")
        except asyncio.LimitOverrunError as overrun:
            end = (await reader.readexactly(overrun.consumed))[-limit_octets:]
