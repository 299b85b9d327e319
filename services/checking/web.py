"""HTTP for checks: one exchange at a time, and the rules that hold for every web server of the lab.

The rules (`expect_...`) are called by the checks of each web server, whose sentences say the same.
"""

import re
import socket
import struct
from collections.abc import Iterable, Mapping
from email.message import Message
from http.client import HTTPConnection
from typing import NamedTuple

from services.checking.expectations import CheckFailed, expect, expect_equal
from services.checking.streams import receive_until_eof
from services.checking.target import SOCKET_TIMEOUT_S, Target

SLOW_CLIENTS = 20


class Answer(NamedTuple):
    """What came back for a request."""

    status: int
    headers: Message
    content: bytes

    @property
    def text(self) -> str:
        """The content as text, for looking into."""
        return self.content.decode(errors="replace")


def ask(
    target: Target,
    path: str = "/",
    *,
    method: str = "GET",
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    timeout_s: float = SOCKET_TIMEOUT_S,
) -> Answer:
    """Send one request on a connection of its own and return the answer.

    Raises:
        OSError: no connection, or no answer in time.
        http.client.HTTPException: the answer is not HTTP.
    """
    connection = HTTPConnection(target.host, target.port, timeout=timeout_s)
    try:
        connection.request(method, path, body, dict(headers or {}))
        response = connection.getresponse()
        return Answer(response.status, response.headers, response.read())
    finally:
        connection.close()


def ask_raw(target: Target, octets: bytes) -> bytes:
    """Send these octets as they are; return all that comes back until the server closes."""
    with target.connect() as sock:
        sock.sendall(octets)
        return receive_until_eof(sock)


def raw_status(answer: bytes) -> int:
    """Return the status of an answer got as octets.

    Raises:
        CheckFailed: it does not begin with a status line.
    """
    status_line = re.match(rb"HTTP/1\.[01] (\d{3})[ \r\n]", answer)
    if status_line is None:
        raise CheckFailed("a status line (RFC 9112 section 4)", repr(answer[:80]))
    return int(status_line[1])


def expect_status(answer: Answer, *statuses: int, hint: str = "") -> None:
    """Raise CheckFailed unless the answer has one of these statuses."""
    wanted = " or ".join(map(str, statuses))
    expect(answer.status in statuses, expected=f"status {wanted}", got=answer.status, hint=hint)


def expect_links(answer: Answer, paths: Iterable[str]) -> None:
    """Raise CheckFailed unless a page has a link to each of these paths."""
    links = set(re.findall(r"href=[\"']?([^\"'> ]+)", answer.text))
    for path in paths:
        expect(path in links, expected=f"a link to {path}", got=f"links to {sorted(links)}")


def expect_head_without_content(target: Target, path: str = "/") -> None:
    """Raise CheckFailed unless HEAD gets the headers that GET gets, and nothing after them."""
    answer = ask_raw(target, f"HEAD {path} HTTP/1.0\r\nHost: lab\r\n\r\n".encode())
    headers, _, content = answer.partition(b"\r\n\r\n")
    expect_equal(raw_status(answer), 200)
    expect(b"content-type:" in headers.lower(), expected="a Content-Type", got=headers)
    expect_equal(content, b"", hint="HEAD is GET without the content (RFC 9110 section 9.3.2)")


def expect_endless_headers_refused(target: Target) -> None:
    """Raise CheckFailed unless 80 KiB of headers are refused with a status, and others are still served."""
    line = b"X-Filler: " + b"x" * 1000 + b"\r\n"
    answer = ask_raw(target, b"GET / HTTP/1.0\r\nHost: lab\r\n" + line * 80 + b"\r\n")
    status = raw_status(answer)
    expect(
        status in (400, 413, 414, 431), expected="status 431 or 400", got=status, hint="bound what you read"
    )
    expect_status(ask(target), 200)


def expect_oversize_body_refused(target: Target, path: str) -> None:
    """Raise CheckFailed unless a body of 100 MiB is refused by what its header says, none of it sent."""
    head = f"POST {path} HTTP/1.0\r\nHost: lab\r\nContent-Type: text/xml\r\n"
    head += f"Content-Length: {100 * 1024**2}\r\n\r\n"
    with target.connect() as sock:
        sock.sendall(head.encode())
        expect_equal(raw_status(sock.recv(4096)), 413, hint="look at Content-Length before you read")
    expect_status(ask(target), 200)


def expect_slow_clients_delay_nobody(target: Target) -> None:
    """Raise CheckFailed unless a client is served while others are in the middle of their requests."""
    slow = [target.connect() for _ in range(SLOW_CLIENTS)]
    try:
        for sock in slow:
            sock.sendall(b"GET / HT")
        expect_status(ask(target), 200)
    finally:
        for sock in slow:
            sock.close()


def expect_reset_survived(target: Target) -> None:
    """Raise CheckFailed unless the server goes on after clients that reset their connections."""
    for octets in (b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: lab\r\n\r\n" * 20):
        rude = target.connect()
        rude.sendall(octets)
        rude.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        rude.close()  # with linger 0 this sends RST (RFC 9293 section 3.10.4)
    expect_status(ask(target), 200)


def expect_both_families(target: Target, path: str = "/") -> None:
    """Raise CheckFailed unless the path is served over IPv4 and over IPv6."""
    for family in (socket.AF_INET, socket.AF_INET6):
        expect_status(ask(target.over(family), path), 200)
