"""What makes the threading server right: the rules of `socketserver`, but nobody waits for anybody."""

from services.checking import Target, check, expect_equal, receive_line
from services.socketserver.checks import (
    answers_a_datagram_in_upper_case,
    answers_a_line_in_upper_case,
    answers_an_empty_datagram,
    answers_every_line_of_a_conversation,
    answers_over_ipv4_and_ipv6,
    datagram_changes_in_nothing_but_ascii_letters,
    datagrams_of_any_size_come_back_whole,
    each_sender_gets_its_own_answer,
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
from services.upper_udp.checks import ask

HELD_CLIENTS = 50

__all__ = [
    "answers_a_datagram_in_upper_case",
    "answers_a_line_in_upper_case",
    "answers_an_empty_datagram",
    "answers_every_line_of_a_conversation",
    "answers_over_ipv4_and_ipv6",
    "datagram_changes_in_nothing_but_ascii_letters",
    "datagrams_of_any_size_come_back_whole",
    "each_sender_gets_its_own_answer",
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
]


@check(needs="answers_a_line_in_upper_case")
def slow_clients_delay_nobody(target: Target) -> None:
    """Fifty clients in the middle of a line hold up neither a new client nor a datagram."""
    held = [target.connect() for _ in range(HELD_CLIENTS)]
    try:
        for number, sock in enumerate(held):
            sock.sendall(b"client %02d " % number)
        with target.connect() as sock:
            sock.sendall(b"at once?\n")
            expect_equal(receive_line(sock), b"AT ONCE?\n", hint="a handler of its own for each client")
        with target.datagram_socket() as sock:
            expect_equal(ask(sock, b"at once?"), b"AT ONCE?")
        for sock in held:
            sock.sendall(b"goes on\n")
        for number, sock in enumerate(held):
            expect_equal(receive_line(sock), b"CLIENT %02d GOES ON\n" % number)
    finally:
        for sock in held:
            sock.close()
