"""What a proxy must not hand on: answers that end in two places (RFC 9112 sections 5.1, 6.3 and 7.1)."""

from http.client import IncompleteRead

from services.checking import CheckFailed, Target, check, expect, expect_equal
from services.checking.web import ask, ask_raw
from services.proxy.both_ends import origin

OK = b"HTTP/1.1 200 OK\r\n"


@check(needs="gets_a_page_of_a_lab_host")
def interim_answers_are_passed_on(target: Target) -> None:
    """`103 Early Hints` goes on to the client before the final answer; HTTP/1.0 gets the final one alone."""
    hints = b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n"
    final = OK + b"Content-Length: 5\r\n\r\nhello"
    with origin(target, b"HTTP/1.1 102 Processing\r\n\r\n" + hints + final) as server:
        request = f"GET http://{server.netloc}/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode()
        answer = ask_raw(target, request)
        old = ask_raw(target, f"GET http://{server.netloc}/ HTTP/1.0\r\n\r\n".encode())
    statuses = [line.split()[1] for line in answer.splitlines() if line.startswith(b"HTTP/1.")]
    expect_equal(statuses, [b"102", b"103", b"200"], hint="RFC 9110 section 15.2")
    expect(b"Link: </a.css>" in answer, expected="the Link of 103", got=answer)
    expect(old.startswith(b"HTTP/1.1 200"), expected="200 first, for HTTP/1.0", got=old[:80])


@check(needs="gets_a_page_of_a_lab_host")
def answer_with_two_lengths_is_502(target: Target) -> None:
    """An answer whose length is no number, or is said in two ways, is 502."""
    for lines in (
        b"Content-Length: 5\r\nContent-Length: 6\r\n",
        b"Content-Length: 5, 6\r\n",
        b"Content-Length: abc\r\n",
        b"Content-Length: -5\r\n",
        b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        b"Transfer-Encoding: gzip, chunked\r\n",
        b"Transfer-Encoding: chunked, gzip\r\n",
    ):
        with origin(target, OK + lines + b"\r\nhello") as server:
            status = ask(target, f"http://{server.netloc}/").status
        expect_equal((lines, status), (lines, 502), hint="RFC 9112 section 6.3")


@check(needs="gets_a_page_of_a_lab_host")
def answer_with_a_malformed_field_is_502(target: Target) -> None:
    """An answer with a field that has a blank before its colon, no colon, or no name is 502."""
    for line in (b"From : a@b", b"From foo", b": x", b"X(Y: 1"):
        with origin(target, OK + b"Content-Length: 5\r\n" + line + b"\r\n\r\nhello") as server:
            status = ask(target, f"http://{server.netloc}/").status
        expect_equal((line, status), (line, 502), hint="RFC 9112 section 5.1")


@check(needs="length_may_be_unknown")
def malformed_chunks_are_not_content(target: Target) -> None:
    """Chunks with a size that is none are not taken for content, nor for a whole answer."""
    blank = b"Transfer-Encoding: chunked \r\n\r\n5\r\nhello\r\n0\r\n\r\n"
    with origin(target, OK + blank) as server:
        content = ask(target, f"http://{server.netloc}/").content
    expect_equal(content, b"hello", hint="a blank behind a value is no part of it")
    for size in (b"0x5", b"-5", b"5 5", b""):
        answer = OK + b"Transfer-Encoding: chunked\r\n\r\n" + size + b"\r\nhello\r\n0\r\n\r\n"
        with origin(target, answer) as server:
            try:
                whole = ask(target, f"http://{server.netloc}/")
            except (IncompleteRead, ConnectionResetError):
                continue
        if whole.status != 502:
            raise CheckFailed(f"no whole answer for the size {size!r}", f"{whole.status}: {whole.content!r}")


@check(needs="hands_on_a_body")
def body_in_chunks_is_handed_on(target: Target) -> None:
    """A request's body that comes in chunks arrives whole, and malformed chunks are 400."""
    with origin(target) as server:
        head = f"POST http://{server.netloc}/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
        head += "Transfer-Encoding: chunked\r\n\r\n"
        answer = ask_raw(target, head.encode() + b"5;a=b\r\nhello\r\n0\r\nX-Trailer: 1\r\n\r\n")
        expect(answer.startswith(b"HTTP/1.1 200"), expected="200", got=answer[:80])
        expect_equal([request.body for request in server.requests], [b"hello"])
        answer = ask_raw(target, head.encode() + b"0x5\r\nhello\r\n0\r\n\r\n")
        expect(answer.startswith(b"HTTP/1.1 400"), expected="400", got=answer[:80])


@check(needs="gets_a_page_of_a_lab_host")
def malformed_request_is_not_handed_on(target: Target) -> None:
    """A request with a malformed field or two lengths is 400, and does not reach the server."""
    with origin(target) as server:
        for lines in ("From : a@b\r\n", "Content-Length: 5\r\nContent-Length: 6\r\n", "X(Y: 1\r\n"):
            head = f"GET http://{server.netloc}/ HTTP/1.1\r\nHost: x\r\n{lines}Connection: close\r\n\r\n"
            answer = ask_raw(target, head.encode())
            expect(answer.startswith(b"HTTP/1.1 400"), expected=f"400 for {lines!r}", got=answer[:80])
    expect_equal(server.requests, [])
