"""What makes the one-page web server right: HTTP as text, read and written by hand."""

import re

from services.checking import Target, check, expect, expect_equal, receive_until_eof
from services.checking.web import (
    ask,
    ask_raw,
    expect_both_families,
    expect_endless_headers_refused,
    expect_head_without_content,
    expect_reset_survived,
    expect_slow_clients_delay_nobody,
    expect_status,
    raw_status,
)
from services.upper_tcp.checks import expect_silence

REQUEST = b"GET / HTTP/1.1\r\nHost: lab\r\n\r\n"
HEADING = re.compile(r"<h1[^>]*>[^<]*hello,?\s+world", re.IGNORECASE)
STATUS_LINE = re.compile(rb"HTTP/1\.[01] 200 [^\r\n]*")
FIELD_LINE = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+:[ \t]*[^\r\n]*")


@check()
def serves_a_heading_that_says_hello_world(target: Target) -> None:
    """GET / gets status 200 and a page of HTML with a heading that says Hello World."""
    answer = ask(target)
    expect_status(answer, 200)
    expect_equal(answer.headers.get_content_type(), "text/html")
    expect(HEADING.search(answer.text), expected="<h1>Hello World</h1>", got=answer.text)


@check(needs="serves_a_heading_that_says_hello_world")
def sends_status_line_header_blank_line_and_page(target: Target) -> None:
    """The answer is a status line, header lines, a blank line and the page; each line ends in CRLF."""
    head, blank_line, content = ask_raw(target, REQUEST).partition(b"\r\n\r\n")
    expect(blank_line, expected="CRLF CRLF after the header", got=repr(head[:400]))
    status_line, *field_lines = head.split(b"\r\n")
    expect(STATUS_LINE.fullmatch(status_line), expected="HTTP/1.1 200 OK", got=repr(status_line))
    for line in field_lines:
        expect(FIELD_LINE.fullmatch(line), expected="a header line `Name: value`", got=repr(line))
    expect(b"<h1" in content, expected="the page after the blank line", got=repr(content[:400]))


@check(needs="serves_a_heading_that_says_hello_world")
def content_length_counts_octets(target: Target) -> None:
    """Content-Length is the number of octets after the blank line; then comes end of file."""
    head, _, content = ask_raw(target, REQUEST).partition(b"\r\n\r\n")
    length = re.search(rb"^content-length:[ \t]*(\d+)[ \t]*\r?$", head, re.IGNORECASE | re.MULTILINE)
    expect(length, expected="a Content-Length", got=repr(head))
    assert length is not None
    expect_equal(int(length[1]), len(content), hint="count the encoded page, not its characters")


@check(needs="serves_a_heading_that_says_hello_world")
def waits_for_the_whole_request(target: Target) -> None:
    """A request that comes in pieces is answered once, when its blank line is there."""
    with target.connect() as sock:
        for piece in (REQUEST[:7], REQUEST[7:-2]):
            sock.sendall(piece)
            expect_silence(sock, hint="one recv need not bring it all: read until the blank line")
        sock.sendall(REQUEST[-2:])
        expect_equal(raw_status(receive_until_eof(sock)), 200)


@check(needs="serves_a_heading_that_says_hello_world")
def head_gets_the_header_alone(target: Target) -> None:
    """HEAD gets the header of the page and nothing after it."""
    expect_head_without_content(target)


@check(needs="serves_a_heading_that_says_hello_world")
def what_is_no_request_is_refused(target: Target) -> None:
    """What is no HTTP request is answered with status 400, and others are still served."""
    for octets in (b"hello\r\n\r\n", bytes(range(256)) + b"\r\n\r\n", b"\0\r\n\r\n"):
        expect_equal(raw_status(ask_raw(target, octets)), 400, hint="look at the request line")
    expect_status(ask(target), 200)


@check(needs="serves_a_heading_that_says_hello_world")
def malformed_fields_are_refused(target: Target) -> None:
    """A header line that is none, or a request of HTTP/1.1 without one Host, is answered with status 400."""
    for lines in (
        b"From : a@b\r\nHost: lab",
        b"Host: lab\r\nno colon",
        b": x\r\nHost: lab",
        b"X: 1",
        b"Host: a\r\nHost: b",
    ):
        status = raw_status(ask_raw(target, b"GET / HTTP/1.1\r\n" + lines + b"\r\n\r\n"))
        expect_equal((lines, status), (lines, 400), hint="RFC 9112 sections 3.2 and 5.1")
    expect_equal(raw_status(ask_raw(target, b"GET / HTTP/1.0\r\n\r\n")), 200, hint="HTTP/1.0 knew no Host")


@check(needs="serves_a_heading_that_says_hello_world")
def other_methods_are_refused(target: Target) -> None:
    """A request to change or delete the page is answered with status 405 or 501."""
    for method in ("DELETE", "PUT", "POST"):
        expect_status(ask(target, method=method, body=b"x"), 405, 501)


@check(needs="serves_a_heading_that_says_hello_world")
def endless_header_is_refused(target: Target) -> None:
    """A header of 80 KiB is refused with status 431 or 400, and others are still served."""
    expect_endless_headers_refused(target)


@check(needs="serves_a_heading_that_says_hello_world")
def slow_clients_delay_nobody(target: Target) -> None:
    """Twenty clients in the middle of a request hold up nobody."""
    expect_slow_clients_delay_nobody(target)


@check(needs="serves_a_heading_that_says_hello_world")
def survives_a_reset(target: Target) -> None:
    """Clients that reset their connections harm nobody else."""
    expect_reset_survived(target)


@check(needs="serves_a_heading_that_says_hello_world")
def answers_over_ipv4_and_ipv6(target: Target) -> None:
    """The page is served over IPv4 and over IPv6."""
    expect_both_families(target)
