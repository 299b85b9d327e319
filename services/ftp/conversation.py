"""One client: the control connection's lines, and the transfers that they lead to.

What is said stands in `session`; here it is sent, and waited for.

Spec: RFC 959 section 4.2 (replies), section 4.1.3 (ABOR, which comes in the middle of a transfer)
"""

import asyncio
import errno
import socket
from ipaddress import IPv6Address, ip_address

from services.ftp.files import BLOCK_OCTETS, Files, Receiving, Sending
from services.ftp.meeting import Meeting
from services.ftp.places import Places
from services.ftp.session import Session
from services.ftp.state import Address, Connect, Listen, Step, Transfer
from services.journal import log

IDLE_S = 300.0
STALLED_S = 60.0  # a data connection on which nothing moves


class Conversation:
    """A control connection and at most one data connection."""

    meeting_type = Meeting

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        files: Files,
        session_type: type[Session],
        places: Places,
    ) -> None:
        self.reader, self.writer, self.places = reader, writer, places
        ours, theirs = writer.get_extra_info("sockname"), writer.get_extra_info("peername")
        self.session = session_type(files, address_of(ours[0]), address_of(theirs[0]))
        self.meeting = self.meeting_type(self.session.ours, self.session.theirs, ours[3] if ours[3:] else 0)
        self.peername = theirs
        self.line: asyncio.Task[bytes] | None = None  # the one being read
        # Urgent data, as some clients send with ABOR, stays in its place in the stream (RFC 6093 section 4).
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_OOBINLINE, 1)

    async def hold(self) -> None:
        """Talk to the end, however that comes about, and write the one line of it."""
        try:
            await self.answer_commands()
        except (OSError, asyncio.IncompleteReadError):
            pass  # the client has left
        except asyncio.LimitOverrunError:
            self.writer.write(b"500 This line is too long.\r\n")
        finally:
            if self.line is not None and not self.line.cancel() and not self.line.cancelled():
                self.line.exception()  # looked at, so that asyncio does not complain
            self.meeting.forget()
            self.writer.close()
        session = self.session
        who = session.user if session.logged_in else "nobody"
        moved = f"{session.sent} files sent, {session.received} received, {session.octets} octets"
        log(self.peername, f"{who}: {moved}")

    async def answer_commands(self) -> None:
        """Take a command, do what it leads to, until the session ends."""
        await self.say(self.session.greeting)
        while not self.session.ending:
            await asyncio.wait({self.reading()}, timeout=IDLE_S)
            if not self.reading().done():
                await self.say("421 Silence for too long, goodbye.")
                return
            await self.take(self.session.answer(self.next_line()))

    def reading(self) -> asyncio.Task[bytes]:
        """Return the task that reads the next line."""
        if self.line is None:
            self.line = asyncio.create_task(self.reader.readuntil(b"\n"))
        return self.line

    def next_line(self) -> bytes:
        """Return the line that has been read.

        Raises:
            OSError, asyncio.IncompleteReadError: the client has left.
            asyncio.LimitOverrunError: it is too long.
        """
        line, self.line = self.reading(), None
        return line.result()

    async def say(self, reply: str) -> None:
        """Send a reply; a client that does not read it is waited for, not served."""
        self.writer.write(f"{reply}\r\n".encode(errors="surrogateescape"))
        async with asyncio.timeout(STALLED_S):
            await self.writer.drain()

    async def take(self, step: Step) -> None:
        """Do what a command leads to."""
        match step:
            case Listen(reply):
                if port := self.meeting.listen():
                    await self.say(reply.format(port=port, high=port >> 8, low=port & 255))
                else:
                    await self.say("425 All ports for data connections are waiting for somebody, try again.")
            case Connect():
                self.meeting.call(step)
                await self.say("200 I shall connect to you there.")
            case Transfer():
                await self.transfer(step)
            case str():
                await self.say(step)

    async def transfer(self, step: Transfer) -> None:
        """Move something, and meanwhile listen for ABOR."""
        if not self.meeting.agreed or not self.places.take():
            step.what.close()
            await self.say("425 There is no data connection: PASV, EPSV, PORT or EPRT comes first.")
            return
        try:
            await self.say(step.opening)
            moving = asyncio.create_task(self.outcome_of(step.what))
            try:
                while not moving.done() and await self.go_on(moving):
                    pass
                outcome = await moving
            except asyncio.CancelledError:
                if not moving.cancelled():
                    raise
                await self.say("426 Transfer aborted.")
                outcome = "226 Abort done."
            finally:
                moving.cancel()
                await asyncio.wait({moving})
        finally:
            step.what.close()
            self.places.give_back()
        await self.say(outcome)

    async def go_on(self, moving: "asyncio.Task[str]") -> bool:
        """Wait for the transfer's end or a command; return whether to listen for more of those.

        Raises:
            OSError, asyncio.IncompleteReadError: the client has left, so the transfer ends, too.
        """
        reading = self.reading()
        await asyncio.wait({moving, reading}, return_when=asyncio.FIRST_COMPLETED)
        if moving.done():
            return False
        verb = self.session.verb_of(reading.result())
        if verb == "ABOR":
            self.next_line()
            moving.cancel()
            await asyncio.wait({moving})
            return False
        if verb not in ("NOOP", "STAT"):
            return False  # it waits for its turn, and so does all that comes behind it
        await self.take(self.session.answer(self.next_line()))
        return True

    async def outcome_of(self, what: Sending | Receiving) -> str:
        """Move everything over a data connection; return the reply that tells how it went."""
        try:
            sock = await self.meeting.open()
        except OSError:
            return "425 The data connection has not come about."
        try:
            with sock:
                await (self.send(sock, what) if isinstance(what, Sending) else self.receive(sock, what))
        except FileFailed as failed:
            return str(failed)
        except TimeoutError:
            return "426 Nothing has moved for too long."
        except OSError:
            return "426 The data connection is lost."
        return "226 Complete."

    async def send(self, sock: socket.socket, what: Sending) -> None:
        """Send all there is; the end of the connection is the end of the file."""
        pieces = iter(what.pieces)
        loop = asyncio.get_running_loop()
        while True:
            try:
                piece = next(pieces, b"")
            except OSError as error:
                raise FileFailed("451 The file cannot be read.") from error
            if not piece:
                break
            async with asyncio.timeout(STALLED_S):
                await loop.sock_sendall(sock, piece)
            self.session.octets += len(piece)
        sock.shutdown(socket.SHUT_WR)

    async def receive(self, sock: socket.socket, what: Receiving) -> None:
        """Take all that comes until the client ends the connection."""
        loop = asyncio.get_running_loop()
        while True:
            async with asyncio.timeout(STALLED_S):
                piece = await loop.sock_recv(sock, BLOCK_OCTETS)
            try:
                if not piece:
                    what.finish()
                    return
                what.write(piece)
            except OSError as error:
                full = error.errno == errno.ENOSPC
                reply = (
                    "452 There is no space left for this file." if full else "451 The file cannot be written."
                )
                raise FileFailed(reply) from error
            self.session.octets += len(piece)


class FileFailed(Exception):
    """The transfer ends for a reason of ours; the text is the reply."""


def address_of(host: str) -> Address:
    """Return a socket's address; an IPv4 one that came over the socket for both families as what it is."""
    address = ip_address(host.partition("%")[0])
    return (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address
