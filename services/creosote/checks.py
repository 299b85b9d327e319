"""What makes a bucket right, as far as it can be seen from outside: it takes all, and says nothing.

The host of a closed UDP port refuses (ICMP port unreachable, RFC 792), and a connected socket tells:
its next call raises ConnectionRefusedError. So the absence of a refusal is the sign of life. What the
bucket prints, and what it hears of a broadcast, cannot be seen from here.
"""

import socket
from collections.abc import Iterable

from services.checking import CheckFailed, Target, check, expect

A_WHILE_S = 0.3  # an answer or a refusal takes a millisecond on one machine
SENDERS = 30
LARGEST_OCTETS = 65507  # 65535 less the headers of IPv4 (20) and UDP (8)


def expect_taken_in_silence(
    sock: socket.socket, *datagrams: bytes, hint: str, wait_s: float = A_WHILE_S
) -> None:
    """Fail the check unless these datagrams, and those sent before, are neither refused nor answered.

    Raises:
        CheckFailed: something came back.
        OSError: a datagram could not be sent.
    """
    try:
        for data in datagrams:
            sock.send(data)
        sock.settimeout(wait_s)
        answer = sock.recv(65535)
    except (TimeoutError, BlockingIOError):  # the second when there was no time to wait at all
        return
    except ConnectionRefusedError:
        raise CheckFailed("somebody who listens", "the host refuses: nobody listens there", hint) from None
    expect(False, expected="no answer", got=answer, hint=hint)


def expect_to_go_on(target: Target, datagrams: Iterable[bytes], hint: str) -> None:
    """Fail the check unless these datagrams, and then one from another port, are taken in silence."""
    for pieces in (datagrams, [b"the bucket goes on"]):
        with target.datagram_socket() as sock:
            expect_taken_in_silence(sock, *pieces, hint=hint)


@check()
def takes_datagrams_in_silence(target: Target) -> None:
    """Text datagrams are taken, one after another: they are neither refused nor answered."""
    expect_to_go_on(target, [b"a checking client was here"], "a bucket takes for ever, and only takes")


@check(needs="takes_datagrams_in_silence")
def takes_empty_datagrams(target: Target) -> None:
    """An empty datagram is taken in silence, and the bucket goes on."""
    expect_to_go_on(target, [b"", b""], "an empty datagram is not an end of file")


@check(needs="takes_datagrams_in_silence")
def takes_binary_datagrams(target: Target) -> None:
    """Octets that are no text, and such as a terminal obeys, are taken in silence; the bucket goes on."""
    datagrams = [bytes(range(256)), "jalape\u00f1o".encode("latin-1"), b"\x1b[2J\x1b]0;title\a", b"\0"]
    expect_to_go_on(target, datagrams, "not every datagram is text: escape, do not just decode")


@check(needs="takes_datagrams_in_silence")
def takes_the_largest_datagram(target: Target) -> None:
    """A datagram of 65507 octets is taken in silence, and the bucket goes on."""
    expect_to_go_on(target, [b"x" * LARGEST_OCTETS], "a datagram has up to 65507 octets")


@check(needs="takes_datagrams_in_silence")
def takes_datagrams_from_many_senders(target: Target) -> None:
    """Thirty senders at once are all taken, and a burst of a hundred datagrams from one of them too."""
    hint = "one socket hears all senders: do not connect it to one"
    socks = [target.datagram_socket() for _ in range(SENDERS)]
    try:
        for sock in socks:
            sock.send(b"one of many")
        expect_taken_in_silence(socks[0], *[b"burst"] * 100, hint=hint)
        for sock in socks:
            expect_taken_in_silence(sock, wait_s=0, hint=hint)
    finally:
        for sock in socks:
            sock.close()
    expect_to_go_on(target, [], hint)


@check(needs="takes_datagrams_in_silence")
def answers_over_ipv4_and_ipv6(target: Target) -> None:
    """The bucket listens over IPv4 and over IPv6, and answers over neither."""
    for family in (socket.AF_INET, socket.AF_INET6):
        expect_to_go_on(target.over(family), [b"over " + family.name.encode()], "listen on both families")
