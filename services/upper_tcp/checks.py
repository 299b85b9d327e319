"""What makes an upper-case TCP server right; its siblings on the framework keep most of these rules."""

import contextlib
import socket
import struct

from services.checking import (
    Target,
    check,
    expect,
    expect_equal,
    receive_exactly,
    receive_line,
    receive_until_eof,
)

A_WHILE_S = 0.3  # how long a client that must not be answered yet is watched
WAITING_CLIENTS = 50
ANSWERS_MEANWHILE = 20
NOT_LINE_ENDS = bytes(octet for octet in range(256) if octet not in b"\r\n")


def expect_silence(sock: socket.socket, *, hint: str) -> None:
    """Fail the check if the server says anything within a while."""
    before = sock.gettimeout()
    sock.settimeout(A_WHILE_S)
    with contextlib.suppress(TimeoutError):
        expect(False, expected="no answer yet", got=sock.recv(65536), hint=hint)
    sock.settimeout(before)


def reset(sock: socket.socket) -> None:
    """Close with RST (RFC 9293 section 3.10.4): that is what a linger time of 0 asks for."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()


@check()
def answers_a_line_in_upper_case(target: Target) -> None:
    """A line comes back in upper case, at once."""
    with target.connect() as sock:
        sock.sendall(b"hello, line\n")
        expect_equal(receive_line(sock), b"HELLO, LINE\n")


@check(needs="answers_a_line_in_upper_case")
def answers_every_line_of_a_conversation(target: Target) -> None:
    """Every line gets its answer, whether lines come one by one or many in one piece."""
    with target.connect() as sock:
        for word in (b"one", b"two"):
            sock.sendall(word + b"\n")
            expect_equal(receive_line(sock), word.upper() + b"\n", hint="loop until a blank line")
        sock.sendall(b"three\nfour\nfive\n")
        for word in (b"THREE", b"FOUR", b"FIVE"):
            expect_equal(receive_line(sock), word + b"\n", hint="one recv may hold several lines")


@check(needs="answers_a_line_in_upper_case")
def joins_the_pieces_of_a_line(target: Target) -> None:
    """A line that comes in pieces is answered once, when it is whole."""
    with target.connect() as sock:
        sock.sendall(b"he")
        expect_silence(sock, hint="what recv returns need not be a line: collect until the line feed")
        sock.sendall(b"llo\n")
        expect_equal(receive_line(sock), b"HELLO\n")


@check(needs="answers_a_line_in_upper_case")
def line_changes_in_nothing_but_ascii_letters(target: Target) -> None:
    """Only the ASCII letters of a line change; every other octet comes back as it was sent."""
    with target.connect() as sock:
        for line in (b"  two blanks around  ", NOT_LINE_ENDS):
            sock.sendall(line + b"\n")
            expect_equal(receive_line(sock), line.upper() + b"\n", hint="bytes.upper(), nothing decoded")


@check(needs="answers_a_line_in_upper_case")
def takes_the_line_ends_of_telnet(target: Target) -> None:
    """Lines may end in CRLF; answers end in LF alone, and a CRLF alone is a blank line."""
    with target.connect() as sock:
        sock.sendall(b"hello\r\nagain\r\n\r\n")
        expect_equal(receive_until_eof(sock), b"HELLO\nAGAIN\n", hint="strip the CR with the LF")


@check(needs="answers_a_line_in_upper_case")
def ends_at_a_blank_line(target: Target) -> None:
    """A blank line ends the conversation: what comes after it is not answered."""
    with target.connect() as sock:
        sock.sendall(b"hello\n\nmore\n")
        expect_equal(receive_until_eof(sock), b"HELLO\n", hint="close at a blank line")


@check(needs="answers_a_line_in_upper_case")
def ends_at_end_of_file(target: Target) -> None:
    """A client that shuts its writing side gets all its answers, the last unfinished line's too."""
    with target.connect() as sock:
        sock.sendall(b"hello\n" * 1000 + b"the last")
        sock.shutdown(socket.SHUT_WR)
        answers = receive_until_eof(sock)
    expect(answers == b"HELLO\n" * 1000 + b"THE LAST\n", expected="1001 answers", got=answers[-100:])


@check(needs="answers_a_line_in_upper_case")
def long_line_is_one_line(target: Target) -> None:
    """A line of 60000 octets gets one answer of the same length."""
    with target.connect() as sock:
        sock.sendall(b"x" * 60_000 + b"\n")
        answer = receive_exactly(sock, 60_001)
    expect(answer == b"X" * 60_000 + b"\n", expected="60000 times X in one line", got=answer)


@check(needs="answers_a_line_in_upper_case")
def too_long_line_is_cut_off(target: Target) -> None:
    """A line of more than 65536 octets is answered `error: line too long`, and the server hangs up."""
    with target.connect() as sock:
        sock.sendall(b"x" * 70_000)
        answer = receive_line(sock)
        expect_equal(answer, b"error: line too long\n", hint="read with a limit: memory is finite")
        with contextlib.suppress(ConnectionResetError):  # hanging up with octets unread is one way to end
            expect_equal(sock.recv(65536), b"", hint="hang up after that")


@check(needs="answers_a_line_in_upper_case")
def urgent_octet_stays_in_its_place(target: Target) -> None:
    """An octet that is sent as urgent is answered in its place in the line."""
    with target.connect() as sock:
        sock.sendall(b"ab")
        sock.send(b"c", socket.MSG_OOB)
        sock.sendall(b"de\n")
        answer = receive_line(sock)
    expect_equal(answer, b"ABCDE\n", hint="set SO_OOBINLINE on the listener (RFC 6093 section 3.1)")


@check(needs="answers_a_line_in_upper_case")
def survives_a_reset(target: Target) -> None:
    """A client that resets its connection in the middle harms nobody else."""
    for _ in range(3):
        rude = target.connect()
        rude.sendall(b"x\n" * 10_000)
        reset(rude)
    with target.connect() as sock:
        sock.sendall(b"still there?\n")
        expect_equal(receive_line(sock), b"STILL THERE?\n")


@check(needs="answers_a_line_in_upper_case")
def second_client_waits_for_the_first(target: Target) -> None:
    """While one client is served a second one waits; it is served when the first has ended."""
    with target.connect() as first, target.connect() as second:
        first.sendall(b"first\n")
        expect_equal(receive_line(first), b"FIRST\n")
        second.sendall(b"second\n")
        for _ in range(ANSWERS_MEANWHILE):  # so long a server that is not iterative has time for the second
            first.sendall(b"first\n")
            expect_equal(receive_line(first), b"FIRST\n")
        expect_silence(second, hint="this server is meant to be iterative: no threads, no select")
        first.sendall(b"\n")
        expect_equal(receive_until_eof(first), b"")
        first.close()
        expect_equal(receive_line(second), b"SECOND\n")


@check(needs="answers_a_line_in_upper_case")
def fifty_clients_may_wait(target: Target) -> None:
    """Fifty clients may wait behind one that is served; each gets its turn."""
    socks: list[socket.socket] = []
    try:
        for number in range(1 + WAITING_CLIENTS):
            sock = target.connect()
            socks.append(sock)
            sock.sendall(b"client %02d\n" % number)
            if number == 0:
                expect_equal(receive_line(sock), b"CLIENT 00\n")
            else:
                sock.shutdown(socket.SHUT_WR)
        socks[0].close()
        for number, sock in enumerate(socks[1:], start=1):
            expect_equal(receive_until_eof(sock), b"CLIENT %02d\n" % number, hint="listen(50) at least")
    finally:
        for sock in socks:
            sock.close()


@check(needs="answers_a_line_in_upper_case")
def answers_over_ipv4_and_ipv6(target: Target) -> None:
    """The server answers over IPv4 and over IPv6."""
    for family in (socket.AF_INET, socket.AF_INET6):
        with target.over(family).connect() as sock:
            sock.sendall(b"family\n")
            expect_equal(receive_line(sock), b"FAMILY\n")
