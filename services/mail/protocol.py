"""POP3 whole: a command line in, the answer out. No socket and no waiting in here.

    AUTHORIZATION --PASS--> TRANSACTION --QUIT--> UPDATE: now the deletions happen
          |                      |
          +--QUIT, lost--> end   +--lost--> end: nothing has been deleted

Spec: RFC 1939 (POP3), RFC 2449 (CAPA), RFC 3206 ([AUTH]), RFC 6856 (UTF8)
"""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import ClassVar

from services.mail.addresses import maildrop_name
from services.mail.store import DOMAIN, PASSWORD, Message, Store

COMMAND_LINE_OCTETS = 255  # RFC 2449 section 4, of POP3
BAD_COMMANDS = 10  # so many not understood, or wrong passwords: this is no mail reader


def dot_stuffed(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield a multi-line answer's body: a dot before each dot that begins a line, and the end."""
    for block in blocks:
        stuffed = block.replace(b"\r\n.", b"\r\n..")
        yield b"." + stuffed if block.startswith(b".") else stuffed
    yield b".\r\n"


def top_of(blocks: Iterable[bytes], lines: int) -> Iterator[bytes]:
    """Yield the header, the blank line, and so many lines of the body.

    A line ends at CRLF here too. So what is cut off is cut behind a CRLF, and the end mark that follows
    stands on a line of its own; a client would wait for it for ever otherwise.
    """
    in_header, goes_on = True, False  # goes on: the line has begun in the block before
    for block in blocks:
        end = 0
        while end < len(block) and (in_header or lines):
            start, found = end, block.find(b"\r\n", end)
            goes_on, went_on = found < 0, goes_on
            end = len(block) if goes_on else found + 2
            if not goes_on:
                lines -= not in_header
                in_header = in_header and (went_on or end - start > 2)
        yield block[:end]


class Refusal(Exception):
    """The command cannot be done; the text follows -ERR."""


class Session:
    """One POP3 conversation: who it is, in which state, what is marked as deleted."""

    dot_stuffed = staticmethod(dot_stuffed)
    verbs: ClassVar[dict[str, set[str]]] = {
        "AUTHORIZATION": {"USER", "PASS", "UTF8", "CAPA", "QUIT"},
        "TRANSACTION": {"STAT", "LIST", "RETR", "DELE", "NOOP", "RSET", "TOP", "UIDL", "CAPA", "QUIT"},
        "UPDATE": set(),
    }
    greeting = b"+OK POP3 of the lab: any name, password lab\r\n"

    def __init__(self, store: Store) -> None:
        self.store = store
        self.state = "AUTHORIZATION"
        self.name = ""  # as USER gave it
        self.messages: list[Message] = []
        self.deleted: set[int] = set()
        self.retrieved = 0
        self.bad_commands = 0
        self.ending = ""  # how the conversation ended, once it has

    def answer(self, line: bytes) -> Iterable[bytes]:
        """Carry out one command line; return the answer in pieces, to be sent in order."""
        verb, _, argument = line.decode("utf-8", "backslashreplace").rstrip("\r\n").partition(" ")
        verb = verb.upper()
        try:
            if len(line) > COMMAND_LINE_OCTETS:
                raise self.bad("line too long")
            if verb not in self.verbs[self.state]:
                raise self.bad(f"not understood in the {self.state} state")
            pieces: Iterable[bytes] = getattr(self, f"do_{verb}")(argument)
        except Refusal as refusal:
            return [f"-ERR {refusal}\r\n".encode()]
        return pieces

    def bad(self, reason: str) -> Refusal:
        """Count something no mail reader sends; the last one ends the conversation."""
        self.bad_commands += 1
        if self.bad_commands < BAD_COMMANDS:
            return Refusal(reason)
        self.ending = "sent away"
        return Refusal(f"{reason}, and that was one too many")

    def summary(self) -> str:
        """Return what came of it, for the log."""
        deleted = len(self.deleted) if self.state == "UPDATE" else 0
        who = "nobody logged in" if self.state == "AUTHORIZATION" else self.name
        return f"{who}: {self.retrieved} of {len(self.messages)} retrieved, {deleted} deleted, "

    def leave(self) -> None:
        """End the conversation, in whatever state: let the next reader in, delete nothing."""
        if self.state == "TRANSACTION":
            self.store.unlock(self.name)

    def do_USER(self, argument: str) -> Iterable[bytes]:
        """Take the name; whether there is such a maildrop is not told (RFC 1939 section 13)."""
        self.name = maildrop_name(argument).removesuffix("@" + DOMAIN)
        if not self.name:
            raise Refusal("USER needs a name")
        return ok("now the password")

    def do_PASS(self, argument: str) -> Iterable[bytes]:
        """Take the password and lock the maildrop: one reader at a time (RFC 1939 section 4)."""
        if not self.name:
            raise Refusal("USER first")
        if argument != PASSWORD:
            raise self.bad("[AUTH] wrong password")
        if not self.store.lock(self.name):
            raise Refusal("[IN-USE] another reader has this maildrop")
        self.state = "TRANSACTION"
        self.messages = self.store.messages(self.name)
        return ok(f"{len(self.messages)} messages")

    def do_UTF8(self, argument: str) -> Iterable[bytes]:
        """Hear that this reader knows UTF-8 in names and header lines (RFC 6856 section 2)."""
        if argument:
            raise Refusal("UTF8 stands alone")
        return ok("names and header lines may be UTF-8")

    def do_STAT(self, argument: str) -> Iterable[bytes]:
        """How many messages, how many octets."""
        return ok(f"{len(self.kept())} {sum(message.size_octets for _, message in self.kept())}")

    def do_LIST(self, argument: str) -> Iterable[bytes]:
        """Number and size of one message, or of each."""
        return self.listing(argument, {n: str(message.size_octets) for n, message in self.kept()})

    def do_UIDL(self, argument: str) -> Iterable[bytes]:
        """Number and unique name of one message, or of each."""
        return self.listing(argument, {n: message.uid for n, message in self.kept()})

    def do_RETR(self, argument: str) -> Iterable[bytes]:
        """The message, whole."""
        message = self.messages[self.number(argument) - 1]
        self.retrieved += 1
        return chain(ok(f"{message.size_octets} octets"), self.dot_stuffed(message.content))

    def do_TOP(self, argument: str) -> Iterable[bytes]:
        """The header and so many lines of the body."""
        number, _, lines = argument.partition(" ")
        content = self.messages[self.number(number) - 1].content
        if not is_number(lines):
            raise Refusal("TOP needs a message number and a number of lines")
        return chain(ok("the top of it"), self.dot_stuffed(top_of(content, int(lines))))

    def do_DELE(self, argument: str) -> Iterable[bytes]:
        """Mark a message; it goes at QUIT, not before."""
        self.deleted.add(self.number(argument))
        return ok("marked, it goes when you QUIT")

    def do_RSET(self, argument: str) -> Iterable[bytes]:
        """Take all marks off."""
        self.deleted.clear()
        return ok("nothing is marked any more")

    def do_NOOP(self, argument: str) -> Iterable[bytes]:
        """Nothing, successfully."""
        return ok("still here")

    def do_CAPA(self, argument: str) -> Iterable[bytes]:
        """What this server can do beyond RFC 1939's minimum."""
        words = "TOP", "USER", "UIDL", "RESP-CODES", "AUTH-RESP-CODE", "PIPELINING", "UTF8 USER"
        return chain(ok("what this server can do"), (f"{word}\r\n".encode() for word in words), [b".\r\n"])

    def do_QUIT(self, argument: str) -> Iterable[bytes]:
        """Enter the UPDATE state when logged in: what is marked goes now."""
        self.ending = "QUIT"
        if self.state == "TRANSACTION":
            self.store.remove(self.name, [self.messages[number - 1] for number in self.deleted])
            self.leave()
            self.state = "UPDATE"
        return ok(f"goodbye, {len(self.deleted)} deleted")

    def kept(self) -> list[tuple[int, Message]]:
        """Return number and message of all that are not marked; a mark renumbers nothing."""
        return [(n, message) for n, message in enumerate(self.messages, 1) if n not in self.deleted]

    def number(self, argument: str) -> int:
        """Read a message number.

        Raises:
            Refusal: it is no number, or no message has it, or that one is marked as deleted.
        """
        number = int(argument) if is_number(argument) else 0
        if not 1 <= number <= len(self.messages) or number in self.deleted:
            raise Refusal("no such message")
        return number

    def listing(self, argument: str, entries: dict[int, str]) -> Iterable[bytes]:
        """Return one entry in one line, or a line for each."""
        if argument:
            number = self.number(argument)
            return ok(f"{number} {entries[number]}")
        lines = (f"{number} {entry}\r\n".encode() for number, entry in entries.items())
        return chain(ok(f"{len(entries)} messages"), [b"".join(lines), b".\r\n"])


def is_number(text: str) -> bool:
    """Tell whether a text is digits, 0 to 9; Python's `int` would take `1_0`, ` 7` and Arabic digits."""
    return text.isascii() and text.isdigit()


def ok(text: str) -> list[bytes]:
    """Return the status line of success."""
    return [f"+OK {text}\r\n".encode()]
