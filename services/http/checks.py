"""What makes a web server that echoes what it was asked right (RFC 9110).

An answer is a JSON object: `method`, `path`, `query`, `headers`, `body`, and whatever else it likes.
"""

import json
import re
from email.message import Message
from typing import Any

from services.checking import CheckFailed, Target, check, expect, expect_equal, receive_until_eof
from services.checking.web import (
    Answer,
    ask,
    ask_raw,
    expect_both_families,
    expect_endless_headers_refused,
    expect_head_without_content,
    expect_oversize_body_refused,
    expect_reset_survived,
    expect_slow_clients_delay_nobody,
    expect_status,
    raw_status,
)

CHUNKED_HEAD = b"POST / HTTP/1.1\r\nHost: lab\r\nTransfer-Encoding: chunked\r\n\r\n"
LAST = b"Connection: close\r\n\r\n"


@check()
def tells_method_and_path(target: Target) -> None:
    """A GET is answered with its method and its path, as JSON."""
    answer = ask(target, "/some/path")
    expect_equal(answer.headers.get_content_type(), "application/json")
    asked = asked_of(answer)
    expect_equal((asked.get("method"), asked.get("path")), ("GET", "/some/path"))


@check(needs="tells_method_and_path")
def decodes_the_path(target: Target) -> None:
    """The path is told without its query, and decoded: `%C3%B1` is one letter."""
    asked = asked_of(ask(target, "/a%20jalape%C3%B1o/100%25?not=this"))
    expect_equal(asked.get("path"), "/a jalapeño/100%", hint="urllib.parse.unquote, after cutting at '?'")


@check(needs="tells_method_and_path")
def tells_the_query_field_by_field(target: Target) -> None:
    """The query is a list of [name, value], decoded, in order: a name may come twice, a value be empty."""
    asked = asked_of(ask(target, "/?topping=ham&topping=chilli+oil&note=&sum=1%2B1%3D2"))
    expected = [["topping", "ham"], ["topping", "chilli oil"], ["note", ""], ["sum", "1+1=2"]]
    expect_equal(asked.get("query"), expected, hint="urllib.parse.parse_qsl with keep_blank_values")


@check(needs="tells_method_and_path")
def tells_the_headers(target: Target) -> None:
    """The headers are a list of lines, `Name: value`, each as often as it came, no blanks around a value."""
    head = (
        b"GET / HTTP/1.0\r\nHost: lab\r\nX-Twice: one\r\nX-Twice: two\r\nX-Blanks:  in  the middle \r\n\r\n"
    )
    asked = asked_of_raw(ask_raw(target, head))
    told = [line for line in asked.get("headers", ()) if line != "Host: lab"]
    expect_equal(told, ["X-Twice: one", "X-Twice: two", "X-Blanks: in  the middle"])


@check(needs="tells_method_and_path")
def post_tells_its_body(target: Target) -> None:
    """A POST is answered with its body too, as UTF-8 text."""
    body = "name=jalapeño\n  and a second line"
    asked = asked_of(ask(target, method="POST", body=body.encode()))
    expect_equal((asked.get("method"), asked.get("body")), ("POST", body))


@check(needs="tells_method_and_path")
def put_tells_its_body(target: Target) -> None:
    """A PUT is answered with its body too, whatever its path."""
    asked = asked_of(ask(target, "/new/page.html", method="PUT", body=b"<h1>new</h1>"))
    got = asked.get("method"), asked.get("path"), asked.get("body")
    expect_equal(got, ("PUT", "/new/page.html", "<h1>new</h1>"))


@check(needs="post_tells_its_body")
def shows_octets_that_are_no_text(target: Target) -> None:
    r"""An octet of a body that is no UTF-8 is shown as \xNN."""
    asked = asked_of(ask(target, method="POST", body=b"\x00\x7f\x80\xff\xc3\xb1"))
    expect_equal(asked.get("body"), "\0\x7f\\x80\\xffñ", hint='bytes.decode(errors="backslashreplace")')


@check(needs="post_tells_its_body")
def waits_for_the_whole_body(target: Target) -> None:
    """A body that comes in pieces is told whole, as long as Content-Length says."""
    with target.connect() as sock:
        sock.sendall(b"POST / HTTP/1.0\r\nHost: lab\r\nContent-Length: 20000\r\n\r\nfirst")
        sock.sendall(b"." * 19990)
        sock.sendall(b"last!")
        asked = asked_of_raw(receive_until_eof(sock))
    expect_equal(
        asked.get("body"), "first" + "." * 19990 + "last!", hint="read Content-Length octets, no less"
    )


@check(needs="post_tells_its_body")
def next_request_begins_after_the_body(target: Target) -> None:
    """On one connection a second request is understood: the first one's body was read, and no octet more."""
    first = b"POST /first HTTP/1.1\r\nHost: lab\r\nContent-Length: 18\r\n\r\nGET /body HTTP/1.1"
    second = b"GET /second HTTP/1.1\r\nHost: lab\r\nConnection: close\r\n\r\n"
    answers = ask_raw(target, first + second)
    expect_equal(re.findall(rb'"path": *"([^"]*)"', answers), [b"/first", b"/second"])


@check(needs="post_tells_its_body", timeout_s=40)
def large_body_is_taken(target: Target) -> None:
    """An upload of 8 MiB is taken, and told whole: a photo is no attack."""
    body = b"0123456789abcdef" * (512 * 1024)
    asked = asked_of(ask(target, method="PUT", body=body, timeout_s=30))
    told = str(asked.get("body"))
    expect(told == body.decode(), expected="8 MiB, as they were", got=f"{len(told)} characters")


@check(needs="post_tells_its_body")
def body_may_come_in_chunks(target: Target) -> None:
    """A body in chunks is put together; extensions of chunks and trailer fields are passed over."""
    chunks = b'5;name=value\r\nhello\r\n00c ; q="a;b"\r\n, chunk\r\n123\r\n0\r\nX-Sum: 1\r\n\r\n'
    answers = ask_raw(target, CHUNKED_HEAD + chunks + b"GET /second HTTP/1.1\r\nHost: lab\r\n" + LAST)
    expect(
        b'"hello, chunk\\r\\n123"' in answers, expected='the body "hello, chunk..."', got=repr(answers[:400])
    )
    expect(
        b'"/second"' in answers, expected="the next request behind the last chunk", got=repr(answers[-400:])
    )


@check(needs="body_may_come_in_chunks")
def malformed_chunks_are_400(target: Target) -> None:
    """A chunk whose size is no hexadecimal number, or not its size, is 400, and the connection ends."""
    for chunk in (b"0x5\r\nhello\r\n", b"-5\r\nhello\r\n", b"5\r\nhelloXY", b"5 5\r\nhello\r\n", b"\r\n\r\n"):
        answer = ask_raw(target, CHUNKED_HEAD + chunk + b"0\r\n\r\n")
        expect_equal((chunk, raw_status(answer)), (chunk, 400), hint="RFC 9112 section 7.1")


@check(needs="post_tells_its_body")
def length_said_in_two_ways_is_400(target: Target) -> None:
    """A length that is no number, or said in two ways, is 400: two servers would read two bodies."""
    for lines in (
        b"Content-Length: 5\r\nContent-Length: 6\r\n",
        b"Content-Length: 5, 6\r\n",
        b"Content-Length: -5\r\n",
        b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        b"Transfer-Encoding: chunked, identity\r\n",
    ):
        answer = ask_raw(target, b"POST / HTTP/1.1\r\nHost: lab\r\n" + lines + b"\r\n0\r\n\r\n")
        expect_equal((lines, raw_status(answer)), (lines, 400), hint="RFC 9112 section 6.3")


@check(needs="tells_method_and_path")
def malformed_fields_are_400(target: Target) -> None:
    """A field whose name is no token, or has a blank before its colon, is 400: it must not just vanish."""
    for line in (b"From : a@b", b"From foo", b": x", b"X(Y: 1", b"X-A: one\r\n two", b"X-A: \x00"):
        answer = ask_raw(target, b"GET / HTTP/1.1\r\nHost: lab\r\n" + line + b"\r\n" + LAST)
        expect_equal((line, raw_status(answer)), (line, 400), hint="RFC 9112 section 5.1")


@check(needs="tells_method_and_path")
def host_is_one_host(target: Target) -> None:
    """HTTP/1.1 asks for one Host, which is a host: none, two, or something else is 400."""
    for lines in (b"", b"Host: a\r\nHost: a\r\n", b"Host: a b\r\n", b"Host: x/y\r\n", b"Host: [::1\r\n"):
        answer = ask_raw(target, b"GET / HTTP/1.1\r\n" + lines + LAST)
        expect_equal((lines, raw_status(answer)), (lines, 400), hint="RFC 9112 section 3.2")
    status = raw_status(ask_raw(target, b"GET / HTTP/1.1\r\nHost: [::1]:80\r\n" + LAST))
    expect_equal(status, 200, hint="an IPv6 address in brackets is a host")


@check(needs="tells_method_and_path")
def request_line_has_three_words(target: Target) -> None:
    """A request line without a version, with odd blanks, or with no path is 400; HTTP/2.0 is 505."""
    for line, status in (
        (b"GET /", 400),
        (b"GET / HTTP/1.1 ", 400),
        (b"GET  / HTTP/1.1", 400),
        (b"GET / http/1.1", 400),
        (b"GET / HTTP/1.10", 400),
        (b"GET page HTTP/1.1", 400),
        (b'GET /a"b HTTP/1.1', 400),
        (b"GET /%zz HTTP/1.1", 400),
        (b"GET / HTTP/2.0", 505),
    ):
        answer = ask_raw(target, line + b"\r\nHost: lab\r\n" + LAST)
        expect_equal((line, raw_status(answer)), (line, status), hint="RFC 9112 section 3")


@check(needs="tells_method_and_path")
def old_client_is_told_that_it_may_stay(target: Target) -> None:
    """A client of HTTP/1.0 that asks for keep-alive is kept, and told so; one that does not is not."""
    with target.connect() as sock:
        sock.sendall(b"GET /first HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n")
        sock.sendall(b"GET /second HTTP/1.0\r\n\r\n")
        answers = receive_until_eof(sock)
    expect_equal(re.findall(rb'"path": *"([^"]*)"', answers), [b"/first", b"/second"])
    said = re.findall(rb"(?im)^connection: *(\S+)", answers)
    expect(said[:1] and said[0].lower() == b"keep-alive", expected="Connection: keep-alive first", got=said)


@check(needs="tells_method_and_path")
def close_may_stand_in_a_list(target: Target) -> None:
    """`Connection: TE, Close` and one more Connection field behind another are `close` as well."""
    for lines in (b"Connection: TE, Close\r\n", b"Connection: TE\r\nConnection: close\r\n"):
        answer = ask_raw(target, b"GET / HTTP/1.1\r\nHost: lab\r\n" + lines + b"\r\n")
        expect_equal(raw_status(answer), 200)


@check(needs="tells_method_and_path")
def options_of_the_server_are_told(target: Target) -> None:
    """`OPTIONS *` asks what the server can do: 200 or 204, with Allow."""
    answer = ask(target, "*", method="OPTIONS")
    expect_status(answer, 200, 204, hint="RFC 9110 section 9.3.7")
    expect(
        "GET" in answer.headers.get("Allow", ""), expected="Allow: GET, ...", got=answer.headers.get("Allow")
    )


@check(needs="tells_method_and_path")
def head_gets_headers_only(target: Target) -> None:
    """HEAD gets the headers that GET gets, the same Content-Length among them, and no content."""
    expect_head_without_content(target)
    with target.connect() as sock:
        for method in ("GET", "HEAD"):
            sock.sendall(f"{method} /a HTTP/1.1\r\nHost: lab\r\n\r\n".encode())
        sock.sendall(b"GET /end HTTP/1.0\r\nHost: lab\r\n\r\n")
        lengths = re.findall(rb"(?im)^content-length: *(\d+)", receive_until_eof(sock))
    expect_equal(len(lengths), 3, hint="each answer says its Content-Length, so that the connection can stay")
    expect_equal(lengths[1], lengths[0], hint="say of HEAD what you would say of GET (RFC 9110 section 8.6)")


@check(needs="tells_method_and_path")
def other_methods_are_501(target: Target) -> None:
    """A method that the handler does not have is 501; one that it does not allow is 405 or 501."""
    expect_status(ask(target, method="BREW"), 501, hint="RFC 9110 section 9.1")
    expect_status(ask(target, method="DELETE"), 405, 501)


@check(needs="tells_method_and_path")
def oversize_body_is_refused(target: Target) -> None:
    """A body of 100 MiB is refused with 413 before it is sent, and the next client is served."""
    expect_oversize_body_refused(target, "/")


@check(needs="tells_method_and_path")
def endless_headers_are_refused(target: Target) -> None:
    """80 KiB of headers are refused with 431 or 400, and the next client is served."""
    expect_endless_headers_refused(target)


@check(needs="tells_method_and_path")
def slow_clients_delay_nobody(target: Target) -> None:
    """Twenty clients in the middle of their requests do not keep another one waiting."""
    expect_slow_clients_delay_nobody(target)


@check(needs="tells_method_and_path")
def survives_a_reset(target: Target) -> None:
    """A client that resets its connection in the middle harms nobody else."""
    expect_reset_survived(target)


@check(needs="tells_method_and_path")
def answers_over_ipv4_and_ipv6(target: Target) -> None:
    """The server answers over IPv4 and over IPv6."""
    expect_both_families(target)


def asked_of(answer: Answer) -> dict[str, Any]:
    """Return what the server says that it was asked."""
    expect_status(answer, 200)
    try:
        asked = json.loads(answer.content)
    except ValueError as error:
        raise CheckFailed("a JSON object", answer.text, hint="json.dumps") from error
    if not isinstance(asked, dict):
        raise CheckFailed("a JSON object", answer.text)
    return asked


def asked_of_raw(octets: bytes) -> dict[str, Any]:
    """Return the same of an answer got as octets."""
    head, _, content = octets.partition(b"\r\n\r\n")
    status = int(head[9:12]) if head[9:12].isdigit() else 0
    return asked_of(Answer(status, Message(), content))
