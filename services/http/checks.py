"""What makes a web server that echoes what it was asked right (RFC 9110).

An answer is a JSON object: `method`, `path`, `query`, `headers`, `body`, and whatever else it likes.
"""

import json
import re
from email.message import Message
from typing import Any

from services.checking import CheckFailed, Target, check, expect_equal, receive_until_eof
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
)


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
