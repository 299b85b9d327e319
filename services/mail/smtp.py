"""SMTP's conversations, on aiosmtpd: its verbs and replies, our rules, our reading of DATA.

aiosmtpd knows the commands, their order and their grammar. Ours are whom we take mail for, the one
line a conversation, and DATA: the library's gathers a line that never ends without bound, and keeps
a Python object for each line, which makes 10 MiB of blank lines 400 MiB of memory.
"""

import asyncio

from aiosmtpd.smtp import SMTP, Envelope, Session, syntax

from services.journal import log
from services.mail.lines import read_line
from services.mail.protocol import DOMAIN, MESSAGE_OCTETS, IncomingMail
from services.mail.store import Store

CONVERSATIONS = 128  # at one time
IDLE_S = 300.0  # RFC 5321 section 4.5.3.2.7; also what a whole message may take to come in
RECIPIENTS = 100  # of one message (RFC 5321 section 4.5.3.1.8)
NOTES = 6  # a conversation's line tells so many things and counts the rest


class Conversation(SMTP):
    """One client, from the greeting to the end."""

    local_part_limit = 64  # RFC 5321 section 4.5.3.1.1
    incoming_type = IncomingMail

    def __init__(self, rules: "Smtp") -> None:
        # Without a host name the library asks the name service for one, each time.
        super().__init__(
            rules,
            hostname=f"mail.{DOMAIN}",
            ident="ESMTP of the lab, nothing is relayed",
            data_size_limit=MESSAGE_OCTETS,
            timeout=IDLE_S,
            loop=asyncio.get_running_loop(),
        )
        rules.talking += 1
        self.rules = rules
        self.notes: list[str] = []
        self.untold = 0
        self.ending = "left without QUIT"

    def note(self, text: str) -> None:
        """Keep something for the conversation's line in the log, while it is not too long."""
        if len(self.notes) < NOTES:
            self.notes.append(text[:200])
        else:
            self.untold += 1

    def connection_lost(self, error: Exception | None) -> None:
        """Tell what came of it, in one line."""
        self.rules.talking -= 1
        assert self.transport is not None
        more = [f"{self.untold} more"] if self.untold else []
        peer = self.transport.get_extra_info("peername")
        log(peer, "SMTP " + "; ".join([*self.notes, *more, self.ending]))
        super().connection_lost(error)

    def eof_received(self) -> bool:
        """Answer what was asked before the client ended its side; the library would drop that."""
        self._reader.feed_eof()
        return True

    async def handle_exception(self, error: Exception) -> str:
        """End the conversation at the client's EOF; no other error tells a client about our insides."""
        if isinstance(error, asyncio.IncompleteReadError):
            assert self._handler_coroutine is not None and self.transport is not None
            self._handler_coroutine.cancel()
            self.transport.close()
        else:
            self.note(f"{type(error).__name__}: {error}")
        return "500 5.5.2 This cannot be understood"

    @syntax("DATA")
    async def smtp_DATA(self, arg: str) -> None:
        """Take the message in, whole, or say why not; either way the envelope is used up."""
        assert self.envelope is not None
        if await self.check_helo_needed():
            return
        if arg or not self.envelope.rcpt_tos:
            await self.push("501 Syntax: DATA" if arg else "503 5.5.1 Error: need RCPT command")
            return
        await self.push("354 End data with <CR><LF>.<CR><LF>")
        mail = self.incoming_type(self.rules.store)
        try:
            while not mail.add(await read_line(self._reader, self.line_length_limit)):
                pass
            reply = mail.refusal or self.deliver(self.envelope, mail)
        finally:
            mail.discard()  # also when the client left in the middle
        self.envelope = self._create_envelope()
        await self.push(reply)

    def deliver(self, envelope: Envelope, mail: IncomingMail) -> str:
        """Put the message where its envelope says; what its header says is no business of ours."""
        names = list(dict.fromkeys(local_part(address) for address in envelope.rcpt_tos))
        self.rules.store.deliver(mail.content, names)
        sender = (envelope.mail_from or "").strip("<>")  # aiosmtpd leaves the null path its brackets
        self.note(f"<{sender}> {mail.size_octets} octets to {', '.join(names)}")
        return "250 2.0.0 OK, it waits in " + (
            "its maildrop" if len(names) == 1 else f"{len(names)} maildrops"
        )


class Smtp:
    """The rules of the house, asked by every conversation: aiosmtpd calls such an object a handler."""

    def __init__(self, store: Store, conversation_type: type[Conversation] = Conversation) -> None:
        self.store = store
        self.conversation_type = conversation_type
        self.talking = 0

    def new_conversation(self) -> asyncio.Protocol:
        """Return who talks to the next client."""
        return self.conversation_type(self) if self.talking < CONVERSATIONS else TurnedAway()

    async def handle_EHLO(
        self, server: Conversation, session: Session, envelope: Envelope, hostname: str, lines: list[str]
    ) -> list[str]:
        """Offer pipelining too: commands wait in the reader until it is their turn."""
        session.host_name = hostname
        return [*lines[:-1], "250-PIPELINING", lines[-1]]

    async def handle_RCPT(
        self, server: Conversation, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take a recipient, or say why not; the others of the message are judged apart."""
        refusal = self.refusal(address, envelope)
        if refusal:
            server.note(f"<{address}> refused, {refusal[:3]}")
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    def refusal(self, address: str, envelope: Envelope) -> str:
        """Return the reply that refuses a recipient, or nothing when there is no reason to."""
        name, domain = local_part(address), address.rpartition("@")[2].lower()
        if (
            domain != DOMAIN and address.lower() != "postmaster"
        ):  # it alone needs none: RFC 5321 section 4.5.1
            return f"550 5.7.1 Relaying denied: only names at {DOMAIN} live here"
        if not name:
            return "553 5.1.3 There is no name before the @"
        if name.startswith("refuse"):
            return "550 5.1.1 No such user here: names that begin with 'refuse' never are"
        if name.startswith("defer"):
            return "451 4.2.1 Try again later: names that begin with 'defer' are never ready"
        if len(envelope.rcpt_tos) >= RECIPIENTS:
            return f"452 4.5.3 Too many recipients: {RECIPIENTS} at most"
        if not self.store.has_room_for(name):
            return "452 4.2.2 This maildrop is full"
        return ""

    async def handle_QUIT(self, server: Conversation, session: Session, envelope: Envelope) -> str:
        """Say goodbye."""
        server.ending = "QUIT"
        return "221 2.0.0 Bye"


class TurnedAway(asyncio.Protocol):
    """The client that is one too many: told so, and let go."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Say it and close."""
        assert isinstance(transport, asyncio.WriteTransport)
        transport.write(b"421 4.3.2 Too many conversations, try again later\r\n")
        transport.close()
        log(transport.get_extra_info("peername"), "SMTP turned away: too many conversations")


def local_part(address: str) -> str:
    """Return the name of the maildrop an address means; upper and lower case are the same here."""
    return (address.rpartition("@")[0] or address).strip('" ').lower()
