"""How both protocols travel: the sockets' half of them. What is said stands in the sessions."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

from services.journal import log
from services.mail.lines import read_line

CONVERSATIONS = 128  # at one time, of each protocol


class Session(Protocol):
    """What a protocol says: lines in, answers out."""

    greeting: bytes
    ending: str

    def answer(self, line: bytes) -> Iterable[bytes]:
        """Take a line; return the answer in pieces, nothing when there is none yet."""

    def leave(self) -> None:
        """End the conversation, however that came about."""

    def summary(self) -> str:
        """Return what came of it, for the log."""


@dataclass(frozen=True)
class Limits:
    """What a protocol asks of its transport."""

    name: str
    line_octets: int
    idle_s: float
    full: bytes  # for the client that is one too many


class Conversations:
    """All conversations of one protocol; each is a task of its own, which waits for its client alone."""

    def __init__(self, new_session: Callable[[], Session], limits: Limits) -> None:
        self.new_session = new_session
        self.limits = limits
        self.talking = 0

    async def converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one client from the greeting to the end, however that comes about."""
        session = self.new_session()
        self.talking += 1
        try:
            ending = await self.answer_lines(session, reader, writer)
        except asyncio.IncompleteReadError:
            ending = "left without QUIT"
        except TimeoutError:  # an OSError too, so it stands before that
            ending = "timed out"
            writer.transport.abort()  # close() would wait for it to read what it does not read
        except OSError as error:
            ending = error.strerror or "connection lost"
        finally:
            self.talking -= 1
            session.leave()
            writer.close()
        log(writer.get_extra_info("peername"), f"{self.limits.name} {session.summary()}{ending}")

    async def answer_lines(
        self, session: Session, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> str:
        """Take lines and answer them until the session ends; return how it ended."""
        if self.talking > CONVERSATIONS:
            writer.write(self.limits.full)
            return "turned away"
        writer.write(session.greeting)
        while not session.ending:
            async with asyncio.timeout(self.limits.idle_s):  # for a command, or a message as a whole
                await self.answer_one(session, reader, writer)
        return session.ending

    async def answer_one(
        self, session: Session, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Take lines until there is something to say, and say it."""
        answered = False
        while not answered:
            for piece in session.answer(await read_line(reader, self.limits.line_octets)):
                answered = True
                writer.write(piece)
                await writer.drain()
