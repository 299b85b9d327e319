"""Another SMTP server, aiosmtpd, is sent the same lines: where the codes differ there is a reason."""

import asyncio

import pytest
from aiosmtpd.handlers import Sink
from aiosmtpd.smtp import SMTP

from services.mail.smtp_session import SmtpSession
from services.mail.store import Store

SESSIONS = {
    "in order": ["EHLO x", "MAIL FROM:<a@lab.test>", "RCPT TO:<b@lab.test>", "DATA", "", "hi", ".", "QUIT"],
    "out of order": ["MAIL FROM:<a@lab.test>", "HELO x", "RCPT TO:<b@lab.test>", "DATA", "QUIT"],
    "an envelope forgotten": ["EHLO x", "MAIL FROM:<>", "RCPT TO:<b@lab.test>", "RSET", "DATA", "QUIT"],
    "two senders": ["EHLO x", "MAIL FROM:<a@lab.test>", "MAIL FROM:<b@lab.test>", "QUIT"],
    "too big": ["EHLO x", "MAIL FROM:<a@lab.test> SIZE=99999999999", "MAIL FROM:<a@lab.test> SIZE=9", "QUIT"],
    "bad syntax": [
        "EHLO",
        "EHLO x",
        "MAIL",
        "MAIL <a@b.test>",
        "MAIL FROM:<a@b.test> SIZE=1_0",
        "RSET x",
        "QUIT",
    ],
    "unknown parameters": [
        "EHLO x",
        "MAIL FROM:<a@b.test> X=1",
        "MAIL FROM:<>",
        "RCPT TO:<b@lab.test> X=1",
        "QUIT",
    ],
    "no such command": ["EHLO x", "XYZZY", "EXPN a", "NOOP", "VRFY a@lab.test", "QUIT"],
    "a source route": ["EHLO x", "MAIL FROM:<a@lab.test>", "RCPT TO:<@c.test,@d.test:b@lab.test>", "QUIT"],
}


class Wire(asyncio.Transport):
    """A transport that keeps what is written."""

    def __init__(self) -> None:
        super().__init__({"peername": ("192.0.2.1", 1)})
        self.written = b""
        self.closed = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.written += bytes(data)

    def is_closing(self) -> bool:
        return self.closed

    def close(self) -> None:
        self.closed = True


async def peer_replies(lines: list[str]) -> bytes:
    """Return what aiosmtpd answers."""
    wire = Wire()
    peer = SMTP(
        Sink(), hostname="mail.lab.test", data_size_limit=10 * 1024 * 1024, loop=asyncio.get_running_loop()
    )
    peer.connection_made(wire)
    for line in lines:
        peer.data_received(line.encode() + b"\r\n")
    async with asyncio.timeout(5):
        while b"\r\n221 " not in wire.written:
            await asyncio.sleep(0)
    peer.connection_lost(None)
    return wire.written


def codes(replies: bytes) -> list[str]:
    """Return the code of each reply, without the lines that are continued."""
    return [line[:3] for line in replies.decode().split("\r\n") if line and line[3] != "-"]


@pytest.mark.parametrize("name", SESSIONS)
def test_both_servers_give_the_same_codes(name: str) -> None:
    session = SmtpSession(Store())
    ours = [session.greeting, *(b"".join(session.answer(f"{line}\r\n".encode())) for line in SESSIONS[name])]
    assert codes(b"".join(ours)) == codes(asyncio.run(peer_replies(SESSIONS[name])))
