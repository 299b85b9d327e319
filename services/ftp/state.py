"""What a conversation has agreed on so far, and what a command can lead to. No socket in here."""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address

from services.ftp.files import Files, Receiving, Sending

Address = IPv4Address | IPv6Address


class Refusal(Exception):
    """The command is not carried out; the text is the reply."""


@dataclass(frozen=True)
class Listen:
    """Wait for the client's data connection; the reply is made from the port (PASV, EPSV)."""

    reply: str  # with `{high}`, `{low}` or `{port}` where the port belongs


@dataclass(frozen=True)
class Connect:
    """Connect to the client when there is something to move (PORT, EPRT)."""

    host: Address
    port: int


@dataclass(frozen=True)
class Transfer:
    """Move something over the data connection."""

    what: Sending | Receiving
    opening: str  # the reply before it


Step = str | Listen | Connect | Transfer  # what a command leads to: a reply alone, or one of these


class State:
    """One conversation: who it is, where it is, and how the next transfer is meant.

    Attributes:
        user: as USER gave it; it is logged in only when `logged_in` says so.
        folder: the working directory, as the client names it.
        text: whether TYPE is A, as it is at first (RFC 959 section 5.1), or I.
        restart_at: where the next transfer begins (REST).
        rename_from: what RNFR named, until the next command.
        facts: what MLSD tells, as OPTS MLST chose.
        ending: how the conversation ended, once it has.
    """

    def __init__(self, files: Files, ours: Address, theirs: Address) -> None:
        self.files, self.ours, self.theirs = files, ours, theirs
        self.ending = ""
        self.sent = self.received = self.octets = self.wrong_passwords = 0
        self.begin_again()

    def begin_again(self) -> None:
        """Be as after the greeting (REIN)."""
        self.user, self.logged_in, self.folder = "", False, "/"
        self.text, self.restart_at, self.rename_from = True, 0, ""
        self.epsv_only = False
        self.facts = tuple(self.files.FACTS)

    @property
    def may_write(self) -> bool:
        """Whether this user changes anything; `anonymous` reads."""
        return self.user == "student"

    def require_writer(self, code: int = 550) -> None:
        """Refuse a change by somebody who only reads."""
        if not self.may_write:
            raise Refusal(f"{code} {self.user} only reads: log in as student to write.")
