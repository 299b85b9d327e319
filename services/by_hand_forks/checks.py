"""What makes forking by hand right: the rules of `by-hand-threads`, and that children do not pile up."""

from services.by_hand_threads.checks import (
    answers_a_line_in_upper_case,
    answers_every_line_of_a_conversation,
    answers_over_ipv4_and_ipv6,
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
    who_does_not_read_waits_alone,
)
from services.forking.checks import serves_two_hundred_clients_in_a_row

__all__ = [
    "answers_a_line_in_upper_case",
    "answers_every_line_of_a_conversation",
    "answers_over_ipv4_and_ipv6",
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
    "who_does_not_read_waits_alone",
]
