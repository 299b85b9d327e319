"""One message on its way in by SMTP: where it ends, which dots go, what is too much. No socket in here.

Spec: RFC 5321 sections 2.3.8 (lines), 4.5.2 (dots), 4.5.3.1 (sizes)
"""

from services.mail.store import Store

MESSAGE_OCTETS = 10 * 1024 * 1024
TEXT_LINE_OCTETS = 1001  # RFC 5321 section 4.5.3.1.6: 1000 with CRLF, and a doubled dot
BLOCK_OCTETS = 64 * 1024  # a text is kept, and goes out, in such pieces: a slow reader costs one more


class IncomingMail:
    """One message on its way in.

    A line ends at CRLF and nowhere else. A line feed alone is kept as it came, unless a dot follows
    it: then one reader sees the end of the message there and another does not (SMTP smuggling), so
    such a message is refused. Thus what is kept is exactly what was sent.

    Attributes:
        size_octets: how much came so far; it counts as used in the store.
        refusal: the answer to give instead of taking it, empty while all is well.
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        self.blocks: list[bytes] = []
        self.block = bytearray()  # the last one, which still grows
        self.size_octets = 0
        self.refusal = ""
        self.at_line_start = True

    def add(self, line: bytes) -> bool:
        """Take octets up to a line feed; return whether they were the end, a lone dot."""
        at_line_start, self.at_line_start = self.at_line_start, line.endswith(b"\r\n")
        if at_line_start and line == b".\r\n":
            return True
        if len(line) > TEXT_LINE_OCTETS:
            self.refuse("500 5.5.2 Line too long: 1000 octets at most (RFC 5321 section 4.5.3.1.6)")
        elif line.startswith(b"."):
            if not at_line_start:
                self.refuse("550 5.6.0 A dot after a bare LF: end every line with CRLF")
            line = line[1:]
        if self.refusal:
            return False
        if self.size_octets + len(line) > MESSAGE_OCTETS:
            self.refuse(f"552 5.3.4 Message too big: {MESSAGE_OCTETS} octets at most")
        elif not self.store.claim(len(line)):
            self.refuse("452 4.3.1 Insufficient system storage: delete some mail, then try again")
        else:
            self.size_octets += len(line)
            self.block += line
            if len(self.block) >= BLOCK_OCTETS:
                self.blocks.append(bytes(self.block))
                self.block.clear()
        return False

    @property
    def content(self) -> tuple[bytes, ...]:
        """What came so far, as the store keeps it."""
        return (*self.blocks, bytes(self.block)) if self.block else tuple(self.blocks)

    def refuse(self, reply: str) -> None:
        """Keep the first reason, and nothing of the message."""
        self.refusal = self.refusal or reply
        self.discard()

    def discard(self) -> None:
        """Give back the room this message took."""
        self.store.release(self.size_octets)
        self.size_octets = 0
        self.blocks.clear()
        self.block.clear()
