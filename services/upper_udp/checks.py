"""What makes an upper-case UDP server right; its siblings on the framework keep the same rules."""

import random
import socket

from services.checking import Target, check, expect, expect_equal

ALL_OCTETS = bytes(range(256))
LARGEST_OCTETS = 65507  # 65535 less the headers of IPv4 (20) and UDP (8)
BORDERS_OCTETS = (1, 1023, 1025, 1472, 1473, 8192, 8193, 65506, LARGEST_OCTETS)


def ask(sock: socket.socket, data: bytes) -> bytes:
    """Send one datagram and return the next one that comes back, whole."""
    sock.send(data)
    return sock.recv(65535)


def exchange_pairs(target: Target, pairs: int) -> None:
    """Send so many datagrams of sizes from 0 to the largest, and look at each answer.

    Raises:
        CheckFailed: an answer was not its datagram in upper case.
        OSError: there was none.
    """
    sizes = random.Random(768)
    text = ALL_OCTETS * 256
    with target.datagram_socket() as sock:
        for number in range(pairs):
            size = (0, LARGEST_OCTETS, sizes.randint(0, LARGEST_OCTETS))[min(number, 2)]
            data = (b"pair %d " % number + text)[:size]
            answer = ask(sock, data)
            expect_equal(len(answer), size, hint="one datagram in, one of the same size out")
            expect(answer == data.upper(), expected=f"datagram {number} in upper case", got=answer)


@check()
def answers_a_datagram_in_upper_case(target: Target) -> None:
    """A datagram comes back in upper case, from the address and port it was sent to."""
    with target.datagram_socket() as sock:
        expect_equal(ask(sock, b"hello, datagram"), b"HELLO, DATAGRAM", hint="answer from the same socket")


@check(needs="answers_a_datagram_in_upper_case")
def answers_an_empty_datagram(target: Target) -> None:
    """An empty datagram gets an empty answer, and the server goes on."""
    with target.datagram_socket() as sock:
        expect_equal(ask(sock, b""), b"", hint="an empty datagram is not an end of file")
        expect_equal(ask(sock, b"go on"), b"GO ON")


@check(needs="answers_a_datagram_in_upper_case")
def datagram_changes_in_nothing_but_ascii_letters(target: Target) -> None:
    """Only the ASCII letters of a datagram change; every other octet comes back as it was sent."""
    with target.datagram_socket() as sock:
        expect_equal(ask(sock, ALL_OCTETS), ALL_OCTETS.upper(), hint="bytes.upper(), nothing decoded")


@check(needs="answers_a_datagram_in_upper_case")
def datagrams_of_any_size_come_back_whole(target: Target) -> None:
    """A datagram of any size, up to 65507 octets, comes back as one datagram of that size."""
    with target.datagram_socket() as sock:
        for size in BORDERS_OCTETS:
            answer = ask(sock, b"x" * size)
            expect_equal(len(answer), size, hint="recvfrom drops what its buffer cannot hold")
    exchange_pairs(target, 100)


@check(needs="answers_a_datagram_in_upper_case")
def each_sender_gets_its_own_answer(target: Target) -> None:
    """Twenty senders at once each get the answer to their own datagram."""
    socks = [target.datagram_socket() for _ in range(20)]
    try:
        for number, sock in enumerate(socks):
            sock.send(b"sender %02d" % number)
        for number, sock in enumerate(socks):
            expect_equal(sock.recv(65535), b"SENDER %02d" % number, hint="send to where it came from")
    finally:
        for sock in socks:
            sock.close()


@check(needs="answers_a_datagram_in_upper_case")
def answers_over_ipv4_and_ipv6(target: Target) -> None:
    """The server answers over IPv4 and over IPv6."""
    for family in (socket.AF_INET, socket.AF_INET6):
        with target.over(family).datagram_socket() as sock:
            expect_equal(ask(sock, b"family"), b"FAMILY")


@check(needs="answers_a_datagram_in_upper_case", timeout_s=60)
def five_thousand_pairs(target: Target) -> None:
    """Five thousand datagrams of sizes from 0 to 65507 octets each get their answer."""
    exchange_pairs(target, 5000)
