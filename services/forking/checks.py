"""What makes the forking server right: the rules of `threading`, and that children do not pile up."""

from services.checking import Target, check, expect_equal, receive_until_eof
from services.threading.checks import (
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
    slow_clients_delay_nobody,
    survives_a_reset,
    takes_the_line_ends_of_telnet,
    too_long_line_is_cut_off,
    urgent_octet_stays_in_its_place,
)

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
    "serves_two_hundred_clients_in_a_row",
    "slow_clients_delay_nobody",
    "survives_a_reset",
    "takes_the_line_ends_of_telnet",
    "too_long_line_is_cut_off",
    "urgent_octet_stays_in_its_place",
]


@check(needs="answers_a_line_in_upper_case", timeout_s=30)
def serves_two_hundred_clients_in_a_row(target: Target) -> None:
    """Two hundred clients, one after another, are all answered: children that ended are reaped."""
    for number in range(200):
        with target.connect() as sock:
            sock.sendall(b"client %03d\n\n" % number)
            expect_equal(
                receive_until_eof(sock),
                b"CLIENT %03d\n" % number,
                hint="a child that nobody waits for stays as a zombie, until no more processes may be had",
            )
