"""Where the mail lies between SMTP and POP3: one maildrop a name, all of them in memory.

No protocol and no socket in here. A message is kept as the octets SMTP took in, once, however many
maildrops hold it; nothing in here ever changes one. What the store may use is bounded, and what is
still on its way in counts already: a hundred clients in the middle of a long message are as heavy
as a hundred messages. Long texts lie in blocks of one size: what one leaves behind when it goes fits
the next one, where buffers that grow to 10 MiB leave holes, and need twice the memory in the end.
"""

import os
from collections.abc import Collection, Iterable
from dataclasses import dataclass

DOMAIN = "lab.test"
PASSWORD = "lab"  # of every name

CAPACITY_OCTETS = 64 * 1024 * 1024  # a third of the container's 192 MiB: Python and copies need theirs
COPY_OCTETS = 1024  # what one message costs in one maildrop besides its text, rounded up
MAILDROP_MESSAGES = 5000


@dataclass(eq=False, slots=True)
class Message:
    """One message, as many maildrops as hold it; two of the same text are still two.

    Attributes:
        content: header and body as they came, dots no longer doubled, in blocks that end at line ends.
        size_octets: of all blocks together.
        uid: what POP3's UIDL calls it, never given to another message.
        copies: how many maildrops hold it.
    """

    content: tuple[bytes, ...]
    size_octets: int
    uid: str
    copies: int


class Store:
    """The maildrops by name, and how full they are."""

    def __init__(self, capacity_octets: int = CAPACITY_OCTETS) -> None:
        self.capacity_octets = capacity_octets
        self.used_octets = 0
        self.maildrops: dict[str, list[Message]] = {}
        self.locked: set[str] = set()
        self.life = os.urandom(4).hex()  # after a restart the numbers begin anew: the uids must not
        self.taken = 0

    def claim(self, octets: int) -> bool:
        """Set room aside for octets on their way in; return whether there was any."""
        if self.used_octets + octets > self.capacity_octets:
            return False
        self.used_octets += octets
        return True

    def release(self, octets: int) -> None:
        """Give back room that was claimed."""
        self.used_octets -= octets

    def has_room_for(self, name: str) -> bool:
        """Tell whether a maildrop takes one more message."""
        return len(self.maildrops.get(name, ())) < MAILDROP_MESSAGES

    def deliver(self, content: tuple[bytes, ...], names: Collection[str]) -> None:
        """Put one message into each maildrop named."""
        self.taken += 1
        size_octets = sum(len(block) for block in content)
        message = Message(content, size_octets, f"{self.life}.{self.taken}", len(names))
        self.used_octets += size_octets + COPY_OCTETS * len(names)
        for name in names:
            self.maildrops.setdefault(name, []).append(message)

    def messages(self, name: str) -> list[Message]:
        """Return what lies in a maildrop now, oldest first; mail that comes later is not in it."""
        return list(self.maildrops.get(name, ()))

    def remove(self, name: str, messages: Iterable[Message]) -> None:
        """Take messages out of one maildrop; what no other holds is gone."""
        gone = set(messages)
        left = [message for message in self.maildrops.get(name, ()) if message not in gone]
        self.maildrops[name] = left
        if not left:
            del self.maildrops[name]
        for message in gone:
            message.copies -= 1
            self.release(COPY_OCTETS + (0 if message.copies else message.size_octets))

    def lock(self, name: str) -> bool:
        """Take a maildrop for one reader alone; return False when another has it."""
        if name in self.locked:
            return False
        self.locked.add(name)
        return True

    def unlock(self, name: str) -> None:
        """Let the next reader in."""
        self.locked.discard(name)
