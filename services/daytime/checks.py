"""What makes a daytime server right (RFC 867)."""

import re
import socket
import time

from services.checking import Target, check, expect, expect_equal, receive_line, receive_until_eof
from services.upper_tcp.checks import reset

IDLE_CLIENTS = 50
RUDE_CLIENTS = 50
LATE_S = 10  # between the clock's reading and ours, on a busy machine
DAY_S = 24 * 60 * 60
CLOCK = re.compile(rb"\b(\d\d):(\d\d):(\d\d)\b")
PRINTABLE = re.compile(rb"[\x20-\x7e\r]*\n")


def ask(target: Target) -> bytes:
    """Return the line that a new client is told."""
    with target.connect() as sock:
        return receive_line(sock)


def expect_a_time(line: bytes) -> int:
    """Return the second of the day that a line tells.

    Raises:
        CheckFailed: there is no time of day in it.
    """
    told = CLOCK.search(line)
    expect(told, expected="a time of day as 12:34:56", got=repr(line))
    assert told is not None
    hours, minutes, seconds = map(int, told.groups())
    return hours * 3600 + minutes * 60 + seconds


@check()
def tells_the_time_unasked(target: Target) -> None:
    """A client that says nothing is told the time of day."""
    expect_a_time(ask(target))


@check(needs="tells_the_time_unasked")
def tells_it_in_one_line_of_ascii(target: Target) -> None:
    """The time is one line of printable ASCII, and after it comes end of file."""
    with target.connect() as sock:
        said = receive_until_eof(sock)
    expect(PRINTABLE.fullmatch(said), expected="one line of printable ASCII", got=repr(said))


@check(needs="tells_the_time_unasked")
def tells_the_right_time(target: Target) -> None:
    """The time is now, in UTC, and the line names the day and the year."""
    line = ask(target)
    now = time.time()
    off_s = (expect_a_time(line) - now + DAY_S / 2) % DAY_S - DAY_S / 2
    expect(
        abs(off_s) < LATE_S,
        expected=time.strftime("%H:%M:%S UTC", time.gmtime(now)),
        got=repr(line),
        hint="gmtime, not localtime: a client need not know where its server stands",
    )
    days = [time.gmtime(seconds) for seconds in (now - LATE_S, now)]  # midnight may have struck
    numbers = {int(number) for number in re.findall(rb"\d+", line)}
    expect(
        any({day.tm_mday, day.tm_year} <= numbers for day in days),
        expected=time.strftime("the day and the year of %d %B %Y", days[-1]),
        got=repr(line),
    )


@check(needs="tells_the_time_unasked")
def tells_the_time_of_the_moment(target: Target) -> None:
    """The time goes on: a later client is told a later time."""
    first = ask(target)
    deadline = time.monotonic() + LATE_S
    while ask(target) == first:
        expect(
            time.monotonic() < deadline,
            expected="another time",
            got=repr(first),
            hint="read the clock for each client, not once",
        )
        time.sleep(0.1)


@check(needs="tells_the_time_unasked")
def throws_away_what_it_is_sent(target: Target) -> None:
    """A client that sends 100 KiB first is told the time too, and is not reset for it."""
    with target.connect() as sock:
        sock.sendall(b"What time is it?" * 6400)
        expect_a_time(receive_line(sock))
        expect_equal(receive_until_eof(sock), b"", hint="read what came before you close, or it is a reset")


@check(needs="tells_the_time_unasked")
def idle_clients_delay_nobody(target: Target) -> None:
    """Fifty clients that neither read nor leave hold up nobody."""
    idle = [target.connect() for _ in range(IDLE_CLIENTS)]
    try:
        expect_a_time(ask(target))
    finally:
        for sock in idle:
            sock.close()


@check(needs="tells_the_time_unasked")
def survives_a_reset(target: Target) -> None:
    """Clients that reset their connections before they are told harm nobody else."""
    for _ in range(RUDE_CLIENTS):
        reset(target.connect())
    expect_a_time(ask(target))


@check(needs="tells_the_time_unasked")
def answers_over_ipv4_and_ipv6(target: Target) -> None:
    """The server tells the time over IPv4 and over IPv6."""
    for family in (socket.AF_INET, socket.AF_INET6):
        expect_a_time(ask(target.over(family)))
