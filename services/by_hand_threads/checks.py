"""What makes a server of many clients at once right: the rules of upper-tcp, but nobody waits for anybody.

The servers by hand and the one on asyncio share these: on the wire they are the same server.
"""

import socket

from services.checking import Target, check, expect, expect_equal, receive_line, receive_until_eof
from services.upper_tcp.checks import (
    answers_a_line_in_upper_case,
    answers_every_line_of_a_conversation,
    answers_over_ipv4_and_ipv6,
    ends_at_a_blank_line,
    ends_at_end_of_file,
    joins_the_pieces_of_a_line,
    line_changes_in_nothing_but_ascii_letters,
    long_line_is_one_line,
    survives_a_reset,
    takes_the_line_ends_of_telnet,
    too_long_line_is_cut_off,
    urgent_octet_stays_in_its_place,
)

HELD_CLIENTS = 50
CROWDS = 8
CROWD_CLIENTS = 40
STUCK_S = 0.3  # a send that gets nothing rid for so long is one that waits
ENOUGH_OCTETS = 64 * 1024 * 1024  # the kernel's buffers for a connection hold some 10 MiB
LONG_LINE = b"x" * 60_000 + b"\n"

__all__ = [
    "answers_a_line_in_upper_case",
    "answers_every_line_of_a_conversation",
    "answers_over_ipv4_and_ipv6",
    "crowds_come_and_go",
    "ends_at_a_blank_line",
    "ends_at_end_of_file",
    "joins_the_pieces_of_a_line",
    "line_changes_in_nothing_but_ascii_letters",
    "long_line_is_one_line",
    "slow_clients_delay_nobody",
    "survives_a_reset",
    "takes_the_line_ends_of_telnet",
    "too_long_line_is_cut_off",
    "urgent_octet_stays_in_its_place",
    "who_does_not_read_waits_alone",
]


def expect_answered_at_once(target: Target) -> None:
    """Raise CheckFailed unless a new client gets its answer."""
    with target.connect() as sock:
        sock.sendall(b"at once?\n")
        expect_equal(receive_line(sock), b"AT ONCE?\n", hint="serve clients beside each other")


@check(needs="answers_a_line_in_upper_case")
def slow_clients_delay_nobody(target: Target) -> None:
    """Fifty clients in the middle of a line hold up no other, and each gets its own line answered."""
    held = [target.connect() for _ in range(HELD_CLIENTS)]
    try:
        for number, sock in enumerate(held):
            sock.sendall(b"client %02d " % number)
        expect_answered_at_once(target)
        for sock in held:
            sock.sendall(b"goes on\n")
        for number, sock in enumerate(held):
            expect_equal(receive_line(sock), b"CLIENT %02d GOES ON\n" % number)
    finally:
        for sock in held:
            sock.close()


@check(needs="answers_a_line_in_upper_case", timeout_s=30)
def who_does_not_read_waits_alone(target: Target) -> None:
    """A client that sends and does not read is made to wait, alone, and loses no answer."""
    with target.connect() as sock:
        before = sock.gettimeout()
        sock.settimeout(STUCK_S)
        sent = 0
        try:
            while sent < ENOUGH_OCTETS:
                sent += sock.send(LONG_LINE[sent % len(LONG_LINE) :])
        except TimeoutError:
            pass
        expect(
            sent < ENOUGH_OCTETS,
            expected="a server that reads no more while its answers are not taken",
            got=f"{sent} octets taken in",
            hint="what you keep for a client that does not read has no end",
        )
        expect_answered_at_once(target)
        sock.settimeout(before)
        sock.shutdown(socket.SHUT_WR)
        answers = receive_until_eof(sock)
    lines, rest = divmod(sent, len(LONG_LINE))
    expected = LONG_LINE.upper() * lines + (b"X" * rest + b"\n" if rest else b"")
    expect(
        answers == expected,
        expected=f"{len(expected)} octets in {expected.count(10)} lines",
        got=f"{len(answers)} octets in {answers.count(10)} lines",
        hint="send may take less than it is given",
    )


@check(needs="answers_a_line_in_upper_case")
def crowds_come_and_go(target: Target) -> None:
    """Eight times forty clients that come together and leave together are all answered."""
    for _ in range(CROWDS):
        crowd = [target.connect() for _ in range(CROWD_CLIENTS)]
        try:
            for number, sock in enumerate(crowd):
                sock.sendall(b"client %02d\n\n" % number)
            for number, sock in enumerate(crowd):
                expect_equal(
                    receive_until_eof(sock),
                    b"CLIENT %02d\n" % number,
                    hint="who has left must leave no trace: no place taken, no thread, no descriptor",
                )
        finally:
            for sock in crowd:
                sock.close()
