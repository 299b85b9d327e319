"""What makes the framework's server right: the rules of upper-tcp and upper-udp, and that it is both."""

import socket

from services.checking import Target, check, expect_equal, receive_line
from services.upper_tcp.checks import (
    answers_a_line_in_upper_case,
    answers_every_line_of_a_conversation,
    ends_at_a_blank_line,
    ends_at_end_of_file,
    fifty_clients_may_wait,
    joins_the_pieces_of_a_line,
    line_changes_in_nothing_but_ascii_letters,
    long_line_is_one_line,
    second_client_waits_for_the_first,
    survives_a_reset,
    takes_the_line_ends_of_telnet,
    too_long_line_is_cut_off,
    urgent_octet_stays_in_its_place,
)
from services.upper_udp.checks import (
    answers_a_datagram_in_upper_case,
    answers_an_empty_datagram,
    ask,
    datagram_changes_in_nothing_but_ascii_letters,
    datagrams_of_any_size_come_back_whole,
    each_sender_gets_its_own_answer,
)

__all__ = [
    "answers_a_datagram_in_upper_case",
    "answers_a_line_in_upper_case",
    "answers_an_empty_datagram",
    "answers_every_line_of_a_conversation",
    "answers_over_ipv4_and_ipv6",
    "datagram_changes_in_nothing_but_ascii_letters",
    "datagram_does_not_wait_for_a_connection",
    "datagrams_of_any_size_come_back_whole",
    "each_sender_gets_its_own_answer",
    "ends_at_a_blank_line",
    "ends_at_end_of_file",
    "fifty_clients_may_wait",
    "joins_the_pieces_of_a_line",
    "line_changes_in_nothing_but_ascii_letters",
    "long_line_is_one_line",
    "second_client_waits_for_the_first",
    "survives_a_reset",
    "takes_the_line_ends_of_telnet",
    "too_long_line_is_cut_off",
    "urgent_octet_stays_in_its_place",
]


@check(needs="answers_a_datagram_in_upper_case")
def datagram_does_not_wait_for_a_connection(target: Target) -> None:
    """A datagram is answered while a TCP client is being served."""
    with target.connect() as held, target.datagram_socket() as sock:
        held.sendall(b"first\nand half a ")
        expect_equal(receive_line(held), b"FIRST\n")
        expect_equal(ask(sock, b"meanwhile"), b"MEANWHILE", hint="a thread for each of the two servers")


@check(needs="answers_a_line_in_upper_case")
def answers_over_ipv4_and_ipv6(target: Target) -> None:
    """The server answers over IPv4 and over IPv6, connections and datagrams."""
    for family in (socket.AF_INET, socket.AF_INET6):
        there = target.over(family)
        with there.connect() as sock:
            sock.sendall(b"family\n")
            expect_equal(receive_line(sock), b"FAMILY\n")
        with there.datagram_socket() as sock:
            expect_equal(ask(sock, b"family"), b"FAMILY")
