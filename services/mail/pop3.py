"""POP3's conversations: the sockets' half of it; what is said stands in `protocol.Session`."""

import asyncio

from services.journal import log
from services.mail.lines import read_line
from services.mail.protocol import COMMAND_LINE_OCTETS, Session
from services.mail.store import Store

CONVERSATIONS = 128  # at one time
IDLE_S = 600.0  # RFC 1939 section 3: at least ten minutes


class Pop3:
    """All POP3 conversations; each is a task of its own, which waits for its client alone."""

    def __init__(self, store: Store, session_type: type[Session] = Session) -> None:
        self.store = store
        self.session_type = session_type
        self.talking = 0

    async def converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one client from the greeting to the end, however that comes about."""
        session = self.session_type(self.store)
        self.talking += 1
        try:
            ending = await self.answer_commands(session, reader, writer)
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
        deleted = len(session.deleted) if session.state == "UPDATE" else 0
        who = "nobody logged in" if session.state == "AUTHORIZATION" else session.name
        told = f"{session.retrieved} of {len(session.messages)} retrieved, {deleted} deleted"
        log(writer.get_extra_info("peername"), f"POP3 {who}: {told}, {ending}")

    async def answer_commands(
        self, session: Session, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> str:
        """Take a command, answer it, until the session ends; return how it ended."""
        if self.talking > CONVERSATIONS:
            writer.write(b"-ERR [SYS/TEMP] too many conversations, try again later\r\n")
            return "turned away"
        writer.write(session.greeting)
        while not session.ending:
            async with asyncio.timeout(IDLE_S):
                for piece in session.answer(await read_line(reader, COMMAND_LINE_OCTETS)):
                    writer.write(piece)
                    await writer.drain()
        return session.ending
