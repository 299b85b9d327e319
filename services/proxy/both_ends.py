"""What the checks stand on: they ask the proxy, and they are the origin servers that it is sent to.

An origin server runs in the checks' own process, on the address by which the proxy sees us, so a check
knows what arrived there. This host and the proxy must share the lab's network.
"""

import contextlib
import ipaddress
import json
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import Message
from email.parser import BytesParser
from typing import NamedTuple

from services.checking import CheckSkipped, Target, receive_exactly, receive_line
from services.checking.web import raw_status

HELLO = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello"
PATIENCE_S = 5.0
CLOSED_PORT = 9  # nobody listens there: who gets as far as that is told so by another status than 403

Serve = Callable[[socket.socket], None]


class Request(NamedTuple):
    """What arrived at an origin server."""

    line: str
    headers: Message
    body: bytes


class Origin(NamedTuple):
    """An origin server: where it is, and what it has been asked by now."""

    netloc: str
    requests: list[Request]


@contextmanager
def origin(target: Target, answer: bytes = HELLO, *, serve: Serve | None = None) -> Iterator[Origin]:
    """Be an origin server that reads a request and says the answer, a thread for each connection.

    Args:
        target: the proxy, whose address decides on which of ours we listen.
        answer: every octet of it, status line and all.
        serve: what to do with a connection instead.
    """
    requests: list[Request] = []

    def read_and_answer(sock: socket.socket) -> None:
        requests.append(receive_request(sock))
        sock.sendall(answer)

    def serve_one(sock: socket.socket) -> None:
        sock.settimeout(PATIENCE_S)
        with sock, contextlib.suppress(OSError, EOFError):
            (serve or read_and_answer)(sock)

    def accept(listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                sock, _ = listener.accept()
                threading.Thread(target=serve_one, args=(sock,), daemon=True).start()

    address = our_address(target)
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.create_server((address, 0), family=family, backlog=128) as listener:
        threading.Thread(target=accept, args=(listener,), daemon=True).start()
        try:
            yield Origin(f"{bracketed(address)}:{listener.getsockname()[1]}", requests)
        finally:
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)  # wakes the thread that accepts


def receive_request(sock: socket.socket) -> Request:
    """Read one request, its body as long as Content-Length says.

    Raises:
        EOFError: it is not complete.
    """
    line = receive_line(sock)
    head = b""
    while not head.endswith(b"\r\n\r\n") and head != b"\r\n":
        head += receive_line(sock)
    headers = BytesParser().parsebytes(head)
    size = int(headers.get("Content-Length", "0"))
    return Request(line.decode("ascii", "replace").strip(), headers, receive_exactly(sock, size))


def tunnel(target: Target, authority: str, early: bytes = b"") -> tuple[int, socket.socket]:
    """Ask for a tunnel and return the status and the connection, to read on behind the headers.

    Args:
        target: the proxy.
        authority: `HOST:PORT` of the other end.
        early: what to send in the same breath, not waiting for the answer.
    """
    sock = target.connect()
    try:
        head = f"CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\n\r\n".encode()
        sock.sendall(head + early)
        status_line = line = receive_line(sock)
        while line.strip():
            line = receive_line(sock)
        return raw_status(status_line), sock
    except BaseException:
        sock.close()
        raise


def bracketed(address: str) -> str:
    """Return an address as URLs spell it."""
    return f"[{address}]" if ":" in address else address


def our_address(target: Target) -> str:
    """Return the address of ours that the target sees."""
    with target.connect() as sock:
        return str(sock.getsockname()[0])


def our_networks() -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    """Return the lab's networks, as they stand at this host's interfaces.

    Raises:
        CheckSkipped: this host cannot say.
    """
    try:
        told = subprocess.check_output(["ip", "-json", "address", "show", "scope", "global"], timeout=5)
    except (OSError, subprocess.SubprocessError) as error:
        raise CheckSkipped(f"needs `ip` to learn the lab's networks: {error}") from error
    return [
        ipaddress.ip_interface(f"{each['local']}/{each['prefixlen']}").network
        for link in json.loads(told)
        for each in link.get("addr_info", ())
        if "local" in each
    ]
