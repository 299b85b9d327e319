"""What makes a bucket right, as far as it can be seen from outside: it takes all, and says nothing.

A closed UDP port is refused by its host (ICMP port unreachable, RFC 792), and a connected socket tells:
its next `recv` raises ConnectionRefusedError. So the absence of a refusal is the sign of life. What the
bucket prints cannot be seen from here.
"""

import contextlib
import socket

from services.checking import CheckFailed, Target, check, expect

A_WHILE_S = 0.3  # how long we listen for an answer or a refusal; on one machine either takes a millisecond
SENDERS = 30
LARGEST_OCTETS = 65507  # 65535 less the headers of IPv4 (20) and UDP (8)


def expect_taken_in_silence(sock: socket.socket, *datagrams: bytes, hint: str = "") -> None:
    """Fail the check unless these datagrams are neither refused nor answered.

    Raises:
        CheckFailed: something came back.
        OSError: a datagram could not be sent.
    """
    sock.settimeout(A_WHILE_S)
    try:
        for data in datagrams:
            sock.send(data)
        answer = sock.recv(65535)
    except TimeoutError:
        return
    except ConnectionRefusedError:
        raise CheckFailed("somebody who listens", "the host refuses: nobody listens there", hint) from None
    expect(False, expected="no answer", got=answer, hint=hint or "a bucket only takes")


@check()
def takes_a_datagram_in_silence(target: Target) -> None:
    """A text datagram is taken: it is neither refused nor answered."""
    with target.datagram_socket() as sock:
        expect_taken_in_silence(sock, b"a checking client was here")
        expect_taken_in_silence(sock, b"and here again", hint="loop around recvfrom")


@check(needs="takes_a_datagram_in_silence")
def takes_empty_and_binary_datagrams(target: Target) -> None:
    """Empty datagrams and all 256 octet values are taken in silence, and the bucket goes on."""
    with target.datagram_socket() as sock:
        expect_taken_in_silence(
            sock, b"", bytes(range(256)), "jalape\u00f1o".encode("latin-1"), b"\x1b[2J\x1b]0;title\a"
        )
        expect_taken_in_silence(sock, b"go on", hint="an empty datagram is no end, and not all is text")


@check(needs="takes_a_datagram_in_silence")
def takes_the_largest_datagram(target: Target) -> None:
    """A datagram of 65507 octets is taken in silence, and the bucket goes on."""
    with target.datagram_socket() as sock:
        expect_taken_in_silence(sock, b"x" * LARGEST_OCTETS)
        expect_taken_in_silence(sock, b"go on")


@check(needs="takes_a_datagram_in_silence")
def takes_datagrams_from_many_senders(target: Target) -> None:
    """Thirty senders at once are all taken, and a burst from one of them too."""
    with contextlib.ExitStack() as stack:
        socks = [stack.enter_context(target.datagram_socket()) for _ in range(SENDERS)]
        for number, sock in enumerate(socks):
            sock.send(b"sender %02d" % number)
        for number in range(300):
            socks[0].send(b"burst %03d" % number)
        socks[0].settimeout(A_WHILE_S)
        for sock in socks:
            expect_taken_in_silence(sock, b"and again", hint="one socket hears all senders: do not connect it")
            sock.settimeout(A_WHILE_S)


@check(needs="takes_a_datagram_in_silence")
def answers_over_ipv4_and_ipv6(target: Target) -> None:
    """The bucket listens over IPv4 and over IPv6, and answers over neither."""
    for family in (socket.AF_INET, socket.AF_INET6):
        with target.over(family).datagram_socket() as sock:
            expect_taken_in_silence(sock, b"over " + family.name.encode())
