"""What makes a TCP echo server right (RFC 862, and the course's graded homework)."""

import hashlib
import random
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from services.checking import (
    Target,
    check,
    expect,
    expect_equal,
    receive_exactly,
    receive_until_eof,
)

SLOW_READER_S = 0.3
MORE_THAN_BUFFERS_HOLD = 32 * 1024 * 1024
HOMEWORK_PIECE_OCTETS = 16  # the homework's client reads so much at a time


@check()
def echoes_a_short_message(target: Target) -> None:
    """A short message comes back unchanged."""
    with target.connect() as sock:
        sock.sendall(b"hello, echo\n")
        expect_equal(receive_exactly(sock, 12), b"hello, echo\n")


@check(needs="echoes_a_short_message")
def echoes_every_octet_value(target: Target) -> None:
    """All 256 octet values come back as they were sent: an echo is not text."""
    every_octet = bytes(range(256))
    with target.connect() as sock:
        sock.sendall(every_octet)
        expect_equal(receive_exactly(sock, 256), every_octet, hint="do not decode, strip or translate")


@check(needs="echoes_a_short_message")
def echoes_several_messages_on_one_connection(target: Target) -> None:
    """Several messages on one connection each get their echo."""
    with target.connect() as sock:
        for message in (b"one", b"two", b"a third, longer message"):
            sock.sendall(message)
            got = receive_exactly(sock, len(message))
            expect_equal(got, message, hint="loop until recv returns b''")


@check(needs="echoes_a_short_message")
def echoes_before_the_message_ends(target: Target) -> None:
    """What was sent comes back at once, without a line feed or an end to wait for."""
    with target.connect() as sock:
        for octet in (b"x", b"y", b"z"):
            sock.sendall(octet)
            expect_equal(receive_exactly(sock, 1), octet, hint="do not wait for a line")


@check(needs="echoes_a_short_message")
def long_message_arrives_in_the_homeworks_pieces(target: Target) -> None:
    """A client that reads 16 octets at a time gets the whole message, in order."""
    message = b"".join(b"%04d" % number for number in range(1000))
    with target.connect() as sock:
        sock.sendall(message)
        echo = b""
        while len(echo) < len(message):
            echo += receive_exactly(sock, HOMEWORK_PIECE_OCTETS)
        expect_equal(echo, message)


@check(needs="echoes_a_short_message")
def half_close_still_gets_the_rest(target: Target) -> None:
    """A client that shuts its writing side gets the rest of its echo, then EOF."""
    message = random.Random(862).randbytes(200_000)
    with target.connect() as sock, _sending(sock, message):
        echo = receive_until_eof(sock)
    expect_equal(len(echo), len(message), hint="EOF ends what you read, not what you still owe")
    expect(echo == message, expected="the same octets", got="as many octets, but others")


@check(needs="echoes_a_short_message", timeout_s=30)
def slow_reader_loses_nothing(target: Target) -> None:
    """A client that first sends 8 MiB and reads only later gets all of it, with the same SHA-256."""
    message = random.Random(7).randbytes(8 * 1024 * 1024)
    with target.connect() as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 32 * 1024)  # a small window
        with _sending(sock, message) as sender:
            sender.join(SLOW_READER_S)  # by now every buffer between us is full
            echo = receive_until_eof(sock)
    expect_equal(len(echo), len(message), hint="send may take less than it is given: mind what it returns")
    expect_equal(hashlib.sha256(echo).hexdigest(), hashlib.sha256(message).hexdigest())


@check(needs="echoes_a_short_message")
def clients_at_once_get_their_own_octets(target: Target) -> None:
    """Fifty clients connected at once each get their own octets back."""
    socks = [target.connect() for _ in range(50)]
    try:
        for number, sock in enumerate(socks):
            sock.sendall(b"client %02d" % number)
        for number, sock in reversed(list(enumerate(socks))):
            expect_equal(
                receive_exactly(sock, 9),
                b"client %02d" % number,
                hint="serve clients in parallel, and keep their data apart",
            )
    finally:
        for sock in socks:
            sock.close()


@check(needs="echoes_a_short_message")
def slow_reader_delays_nobody_else(target: Target) -> None:
    """While one client sends and does not read, another one gets its echo."""
    with target.connect() as slow, target.connect() as other:
        slow.settimeout(SLOW_READER_S)
        with suppress(TimeoutError):
            slow.sendall(bytes(MORE_THAN_BUFFERS_HOLD))
        other.sendall(b"me first")
        hint = "never wait for one client in the thread that serves others"
        try:
            expect_equal(receive_exactly(other, 8), b"me first", hint=hint)
        except TimeoutError:
            expect(False, expected="the other client's echo", got="nothing", hint=hint)


@check(needs="echoes_a_short_message")
def survives_a_reset(target: Target) -> None:
    """A client that resets its connection in the middle harms nobody else."""
    for _ in range(3):
        rude = target.connect()
        rude.sendall(b"x" * 1000)
        rude.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        rude.close()  # with linger 0 this sends RST (RFC 9293 section 3.10.4)
    with target.connect() as sock:
        sock.sendall(b"still there?")
        expect_equal(receive_exactly(sock, 12), b"still there?")


@check(needs="echoes_a_short_message")
def urgent_octet_stays_in_its_place(target: Target) -> None:
    """An octet that is sent as urgent comes back in its place among the others."""
    with target.connect() as sock:
        sock.sendall(b"ab")
        sock.send(b"c", socket.MSG_OOB)
        sock.sendall(b"de")
        sock.shutdown(socket.SHUT_WR)
        echo = receive_until_eof(sock)
    expect_equal(echo, b"abcde", hint="set SO_OOBINLINE on the listener (RFC 6093 section 3.1)")


@check(needs="echoes_a_short_message")
def answers_over_ipv4_and_ipv6(target: Target) -> None:
    """The server answers over IPv4 and over IPv6."""
    for family in (socket.AF_INET, socket.AF_INET6):
        with target.over(family).connect() as sock:
            sock.sendall(b"family")
            expect_equal(receive_exactly(sock, 6), b"family")


@contextmanager
def _sending(sock: socket.socket, message: bytes) -> Iterator[threading.Thread]:
    """Send a message and shut the writing side, in a thread beside the reader."""

    def send() -> None:
        with suppress(OSError):  # the server hung up: the reader notices by itself
            sock.sendall(message)
            sock.shutdown(socket.SHUT_WR)

    sender = threading.Thread(target=send)
    sender.start()
    try:
        yield sender
    finally:
        with suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)  # sets a sender free that is still waiting
        sender.join()
