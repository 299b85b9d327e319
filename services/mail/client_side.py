"""What the checks stand on: mail clients that say each step, on top of the library's."""

import poplib
import secrets
import smtplib
import socket
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Self

from services.checking import CheckSkipped, Target, expect
from services.checking.target import SOCKET_TIMEOUT_S

DOMAIN = "lab.test"
PASSWORD = "lab"
SENDER = "checker@elsewhere.test"
UNLOCKED_WITHIN_S = 2.0  # a server may need a moment to notice that a reader has gone
RETRY_S = 0.02
SHORT = b"Subject: short\r\n\r\nOne line.\r\n"


class Dialogue:
    """A conversation line by line, to say what no mail library would."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.file = sock.makefile("rb")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """End the connection."""
        self.file.close()
        self.sock.close()

    def say(self, *lines: bytes) -> None:
        """Send lines, all at once, each ended by CRLF."""
        self.sock.sendall(b"".join(line + b"\r\n" for line in lines))

    def hear(self) -> bytes:
        """Return one line, without its end.

        Raises:
            EOFError: the server closed instead.
        """
        line = self.file.readline(65536)
        if not line.endswith(b"\n"):
            raise EOFError(f"the server closed, after {line!r}")
        return line.rstrip(b"\r\n")

    def hear_reply(self) -> bytes:
        """Return the last line of an SMTP reply, which may have several."""
        while (line := self.hear())[3:4] == b"-":
            pass
        return line

    def ask(self, line: bytes) -> bytes:
        """Send one line, return the reply."""
        self.say(line)
        return self.hear_reply()

    def hear_content(self) -> bytes:
        """Return the body of a POP3 multi-line answer, its doubled dots single, its end left out."""
        lines: list[bytes] = []
        at_line_start = True
        while (line := self.file.readline(1 << 20)) != b".\r\n":
            if not line:
                raise EOFError("the server closed in the middle of an answer of several lines")
            lines.append(line.removeprefix(b".") if at_line_start else line)
            at_line_start = line.endswith(b"\r\n")
        return b"".join(lines)


def smtp_dialogue(target: Target, hello: bytes = b"EHLO checker.lab.test") -> Dialogue:
    """Connect, hear the greeting, say hello."""
    dialogue = Dialogue(target.connect())
    expect_code(dialogue.hear_reply(), b"220")
    expect_code(dialogue.ask(hello), b"250")
    return dialogue


def pop3_port(target: Target) -> int:
    """Return where POP3 listens.

    Raises:
        CheckSkipped: only one port is known.
    """
    if len(target.listens) < 2:
        raise CheckSkipped("it needs a POP3 port beside the SMTP port")
    return int(target.listens[1].partition("/")[0])


def pop3_dialogue(target: Target, name: str) -> Dialogue:
    """Connect and log in; a maildrop whose last reader has just gone may take a moment to open."""
    deadline = time.monotonic() + UNLOCKED_WITHIN_S
    while True:
        dialogue = Dialogue(target.connect(pop3_port(target)))
        expect_ok(dialogue.hear())
        expect_ok(dialogue.ask(b"USER " + name.encode()))
        status = dialogue.ask(b"PASS " + PASSWORD.encode())
        if status.startswith(b"+OK"):
            return dialogue
        dialogue.close()
        if time.monotonic() > deadline:
            expect_ok(status, hint="the password is lab, and a reader that has gone holds no maildrop")
        time.sleep(RETRY_S)


@contextmanager
def mail_reader(target: Target, name: str) -> Iterator[poplib.POP3]:
    """Log in with poplib; however the check ends, the connection is closed."""
    reader = poplib.POP3(target.host, pop3_port(target), timeout=SOCKET_TIMEOUT_S)
    try:
        reader.user(name)
        reader.pass_(PASSWORD)
        yield reader
    finally:
        with suppress(OSError):
            reader.close()


def mail_sender(target: Target) -> smtplib.SMTP:
    """Connect with smtplib; it says EHLO when it is used."""
    return smtplib.SMTP(target.host, target.port, "checker.lab.test", SOCKET_TIMEOUT_S)


def send(target: Target, *names: str, content: bytes = SHORT) -> dict[str, tuple[int, bytes]]:
    """Send one message to names of the lab; return smtplib's dictionary of refusals."""
    with mail_sender(target) as sender:
        return sender.sendmail(SENDER, [f"{name}@{DOMAIN}" for name in names], content)


def send_as_it_is(target: Target, name: str, content: bytes) -> None:
    """Send a message that smtplib would change: it makes a CRLF of every line end."""
    with smtp_dialogue(target) as dialogue:
        dialogue.ask(b"MAIL FROM:<%s>" % SENDER.encode())
        dialogue.ask(b"RCPT TO:<%s@%s>" % (name.encode(), DOMAIN.encode()))
        expect_code(dialogue.ask(b"DATA"), b"354")
        dialogue.sock.sendall(content)
        expect_code(dialogue.ask(b"."), b"250")


def collect(target: Target, name: str) -> list[bytes]:
    """Return all messages of a maildrop as octets, in order, and delete them there."""
    contents = []
    with pop3_dialogue(target, name) as dialogue:
        count = int(dialogue.ask(b"STAT").split()[1])
        for number in range(1, count + 1):
            expect_ok(dialogue.ask(b"RETR %d" % number))
            contents.append(dialogue.hear_content())
        for number in range(1, count + 1):
            expect_ok(dialogue.ask(b"DELE %d" % number))
        expect_ok(dialogue.ask(b"QUIT"))
    return contents


def fresh_name() -> str:
    """Return the name of a maildrop nobody else uses."""
    return f"check-{secrets.token_hex(5)}"


def expect_code(reply: bytes, code: bytes, *, hint: str = "") -> None:
    """Expect an SMTP reply to begin with a code, or with the first digits of one."""
    expect(reply.startswith(code), expected=f"a reply {code.decode():x<3}", got=repr(reply), hint=hint)


def expect_ok(status: bytes, *, hint: str = "") -> None:
    """Expect a POP3 status line of success."""
    expect(status.startswith(b"+OK"), expected="+OK", got=repr(status), hint=hint)


def expect_err(status: bytes, *, hint: str = "") -> None:
    """Expect a POP3 status line of failure."""
    expect(status.startswith(b"-ERR"), expected="-ERR", got=repr(status), hint=hint)


def reset(sock: socket.socket) -> None:
    """Close at once: with linger 0 the kernel sends RST (RFC 9293 section 3.10.4)."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()


def be_rude(target: Target, port: int, octets: bytes) -> None:
    """Hear the greeting, send something, reset the connection; what comes back is of no interest."""
    dialogue = Dialogue(target.connect(port))
    dialogue.hear()
    with suppress(OSError):
        dialogue.sock.sendall(octets)
    dialogue.file.close()
    reset(dialogue.sock)
