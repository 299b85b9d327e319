"""What makes the upper-case server on Unix-domain sockets right.

Its place is a folder, not a host and a port: the lab's own is /run/lab, and a server of one's own is
checked by `--against FOLDER`, one that the toolbox's containers share, such as ~/sockets.
"""

import contextlib
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from services.checking import (
    CheckSkipped,
    Target,
    check,
    expect_equal,
    receive_line,
    receive_until_eof,
)
from services.checking.target import SOCKET_TIMEOUT_S

LAB_FOLDER = "/run/lab"
HELD_CLIENTS = 30
UNREAD_DATAGRAMS = 100  # more than two queues hold (net.unix.max_dgram_qlen is 10 in a container)
LARGE_OCTETS = 100_000
ALL_OCTETS = bytes(range(256))


def folder_of(target: Target) -> Path:
    """Return the folder in which the target's two sockets lie.

    Raises:
        CheckSkipped: somebody's own server was named by host or port.
    """
    if target.host.startswith("/"):
        return Path(target.host)
    if target.foreign:
        raise CheckSkipped("this server has no host or port: name the folder of its two sockets")
    return Path(LAB_FOLDER)


def connect(target: Target) -> socket.socket:
    """Return a stream connected to the server."""
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    sock.settimeout(SOCKET_TIMEOUT_S)
    sock.connect(str(folder_of(target) / "stream"))
    return sock


def datagram_path(target: Target) -> str:
    """Return the path of the server's datagram socket."""
    return str(folder_of(target) / "datagram")


@contextmanager
def datagram_socket(target: Target) -> Iterator[socket.socket]:
    """Yield a datagram socket bound to a path beside the server's, where it can be answered."""
    path = folder_of(target) / f"check-{secrets.token_hex(6)}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
        sock.settimeout(SOCKET_TIMEOUT_S)
        sock.bind(str(path))
        try:
            path.chmod(0o666)  # the server may be another user
            yield sock
        finally:
            path.unlink(missing_ok=True)


def ask(target: Target, sock: socket.socket, data: bytes) -> bytes:
    """Send one datagram and return the next one that comes back, whole."""
    sock.sendto(data, datagram_path(target))
    return sock.recv(2 * LARGE_OCTETS)


@check()
def stream_answers_lines_in_upper_case(target: Target) -> None:
    """On the stream socket every line comes back in upper case, at once."""
    with connect(target) as sock:
        for line in (b"hello, path\n", ALL_OCTETS.replace(b"\n", b"").replace(b"\r", b"") + b"\n"):
            sock.sendall(line)
            expect_equal(receive_line(sock), line.upper(), hint="ASCII letters go up, all else stays")


@check(needs="stream_answers_lines_in_upper_case")
def stream_has_no_borders(target: Target) -> None:
    """A line may come in pieces and a piece may hold several lines, as with TCP."""
    with connect(target) as sock:
        for piece in (b"on", b"e\ntwo\nth"):
            sock.sendall(piece)
        expect_equal(receive_line(sock), b"ONE\n", hint="collect until the line feed")
        expect_equal(receive_line(sock), b"TWO\n", hint="one recv may hold several lines")
        sock.sendall(b"ree\n")
        expect_equal(receive_line(sock), b"THREE\n")


@check(needs="stream_answers_lines_in_upper_case")
def stream_ends_at_a_blank_line_or_end_of_file(target: Target) -> None:
    """A blank line ends a conversation, and so does the client's end of file, once all is answered."""
    with connect(target) as sock:
        sock.sendall(b"hello\n\nmore\n")
        expect_equal(receive_until_eof(sock), b"HELLO\n", hint="close at a blank line")
    with connect(target) as sock:
        sock.sendall(b"hello\nthe last")
        sock.shutdown(socket.SHUT_WR)
        expect_equal(receive_until_eof(sock), b"HELLO\nTHE LAST\n")


@check(needs="stream_answers_lines_in_upper_case")
def stream_clients_delay_nobody(target: Target) -> None:
    """Thirty clients in the middle of a line, and some that just leave, hold up nobody."""
    with contextlib.ExitStack() as stack:
        held = [stack.enter_context(connect(target)) for _ in range(HELD_CLIENTS)]
        for sock in held:
            sock.sendall(b"half a li")
        for sock in held[::2]:
            sock.close()
        with connect(target) as sock:
            sock.sendall(b"at once?\n")
            expect_equal(receive_line(sock), b"AT ONCE?\n", hint="a handler of its own for each client")
        for sock in held[1::2]:
            sock.sendall(b"ne\n")
            expect_equal(receive_line(sock), b"HALF A LINE\n")


@check()
def datagram_comes_back_in_upper_case(target: Target) -> None:
    """On the datagram socket a datagram comes back in upper case, to the path its sender is bound to."""
    with datagram_socket(target) as sock:
        expect_equal(
            ask(target, sock, b"hello, datagram"), b"HELLO, DATAGRAM", hint="answer to recvfrom's address"
        )
        expect_equal(ask(target, sock, ALL_OCTETS), ALL_OCTETS.upper(), hint="bytes.upper(), nothing decoded")


@check(needs="datagram_comes_back_in_upper_case")
def datagrams_keep_their_borders(target: Target) -> None:
    """Each datagram gets an answer of its own size, in order: an empty one and one of 100000 octets too."""
    sizes = (3, 0, 1, LARGE_OCTETS, 5)
    with datagram_socket(target) as sock:
        for size in sizes:
            sock.sendto(b"x" * size, datagram_path(target))
        answers = [len(sock.recv(2 * LARGE_OCTETS)) for _ in sizes]
    expect_equal(answers, list(sizes), hint="an empty datagram is no end; recvfrom drops what does not fit")


@check(needs="datagram_comes_back_in_upper_case")
def senders_that_cannot_be_answered_harm_nobody(target: Target) -> None:
    """A sender bound to no path, and one whose path is gone, get no answer; the server goes on."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as nameless:
        nameless.sendto(b"who am I?", datagram_path(target))
    with datagram_socket(target) as sock:
        Path(sock.getsockname()).unlink()
        sock.sendto(b"where am I?", datagram_path(target))
    with datagram_socket(target) as sock:
        expect_equal(ask(target, sock, b"go on"), b"GO ON", hint="sendto may fail: that is no reason to end")


@check(needs="datagram_comes_back_in_upper_case")
def a_sender_that_does_not_read_delays_nobody(target: Target) -> None:
    """A client that asks again and again and reads no answer holds up nobody else."""
    hint = "sendto a full Unix-domain socket waits: pass MSG_DONTWAIT and drop the answer"
    with datagram_socket(target) as greedy, datagram_socket(target) as sock:
        greedy.settimeout(1.0)  # while our own queue is full the server must still empty its own
        sent = 0
        with contextlib.suppress(TimeoutError):
            while sent < UNREAD_DATAGRAMS:
                greedy.sendto(b"x", datagram_path(target))
                sent += 1
        expect_equal(sent, UNREAD_DATAGRAMS, hint=hint)
        expect_equal(ask(target, sock, b"me too"), b"ME TOO", hint=hint)
