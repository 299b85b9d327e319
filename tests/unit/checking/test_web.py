"""The rules for web servers hold on a right one, and each fails on a server that breaks it."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import Message
from http.client import HTTPException

import pytest

from services.checking import web
from services.checking.expectations import CheckFailed
from services.checking.target import Target

RIGHT = b"HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok"
HEAD = b"HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\n"
Answering = Callable[[bytes], bytes]


def right(request: bytes) -> bytes:
    """Answer as a server that keeps all the rules."""
    if len(request) > 65536:
        return b"HTTP/1.0 431 Too Large\r\n\r\n"
    if b"Content-Length: 104857600\r\n" in request:
        return b"HTTP/1.0 413 Too Large\r\n\r\n"
    return HEAD if request.startswith(b"HEAD /page HTTP/1.0\r\n") else RIGHT


@contextmanager
def serving(answering: Answering, host: str = "127.0.0.1") -> Iterator[tuple[Target, list[bytes]]]:
    """Answer each connection, once its request's head is there, in a thread of its own."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    requests: list[bytes] = []

    def answer(connection: socket.socket) -> None:
        with connection:
            request = b""
            try:
                while b"\r\n\r\n" not in request:
                    if not (piece := connection.recv(1 << 20)):
                        return
                    request += piece
                requests.append(request)
                connection.sendall(answering(request))
            except OSError:
                return

    def accept() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=answer, args=(connection,), daemon=True).start()

    with socket.create_server((host, 0), family=family) as listener:
        threading.Thread(target=accept, daemon=True).start()
        yield Target("http", host, (f"{listener.getsockname()[1]}/tcp",)), requests
        listener.shutdown(socket.SHUT_RDWR)


def answer(status: int, content: bytes = b"") -> web.Answer:
    return web.Answer(status, Message(), content)


def test_a_request_is_sent_as_asked_and_its_answer_read() -> None:
    with serving(lambda _: b"HTTP/1.1 404 No\r\nX-A: 1\r\nContent-Length: 4\r\n\r\n\xc3\xa9\xff\n") as (
        target,
        requests,
    ):
        found = web.ask(target, "/a?b", method="PUT", body=b"xyz", headers={"X-B": "2"})
    assert (found.status, found.headers["X-A"], found.content) == (404, "1", b"\xc3\xa9\xff\n")
    assert found.text == "é\N{REPLACEMENT CHARACTER}\n"
    [request] = requests
    assert request.startswith(b"PUT /a?b HTTP/1.1\r\n")
    assert b"\r\nX-B: 2\r\n" in request
    assert b"\r\nContent-Length: 3\r\n" in request


def test_a_plain_request_is_a_get_of_the_root() -> None:
    with serving(right) as (target, requests):
        assert web.ask(target).content == b"ok"
    assert requests[0].startswith(b"GET / HTTP/1.1\r\n")


def test_what_is_no_http_is_the_servers_mistake() -> None:
    with serving(lambda _: b"hello\r\n") as (target, _), pytest.raises(HTTPException):
        web.ask(target)


def test_a_request_by_hand_gets_all_that_comes() -> None:
    with serving(right) as (target, requests):
        assert web.ask_raw(target, b"GET / HTTP/1.0\r\n\r\n") == RIGHT
    assert requests == [b"GET / HTTP/1.0\r\n\r\n"]


def test_a_status_is_read_from_the_status_line() -> None:
    assert web.raw_status(b"HTTP/1.1 204\r\n") == 204
    assert web.raw_status(RIGHT) == 200
    for wrong in (b"", b"HTTP/2 200 OK\r\n", b"HTTP/1.1 2000 OK\r\n", b"x HTTP/1.1 200 OK\r\n"):
        with pytest.raises(CheckFailed) as caught:
            web.raw_status(answered := wrong + b"x" * 100)
        assert caught.value.expected == "a status line (RFC 9112 section 4)"
        assert caught.value.got == repr(answered[:80])


def test_one_of_several_statuses_is_expected() -> None:
    web.expect_status(answer(400), 400, 431)
    with pytest.raises(CheckFailed) as caught:
        web.expect_status(answer(200), 204)
    assert caught.value.hint == ""
    with pytest.raises(CheckFailed) as caught:
        web.expect_status(answer(200), 400, 431, hint="look")
    assert (caught.value.expected, caught.value.got, caught.value.hint) == (
        "status 400 or 431",
        "200",
        "look",
    )


def test_links_are_looked_for_by_their_paths() -> None:
    page = answer(200, b"<a href='/one'> <A href=\"/two\"> <a href=/three >")
    web.expect_links(page, ["/one", "/two", "/three"])
    with pytest.raises(CheckFailed) as caught:
        web.expect_links(page, ["/one", "/on"])
    assert caught.value.expected == "a link to /on"
    assert caught.value.got == "links to ['/one', '/three', '/two']"


def test_a_right_server_keeps_all_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "SLOW_CLIENTS", 2)
    with serving(right) as (target, requests):
        web.expect_head_without_content(target, "/page")
        web.expect_endless_headers_refused(target)
        web.expect_oversize_body_refused(target, "/")
        web.expect_slow_clients_delay_nobody(target)
        web.expect_reset_survived(target)
    assert max(map(len, requests)) > 80 * 1000


HINT = "HEAD is GET without the content (RFC 9110 section 9.3.2)"
HEAD_MISTAKES = {
    RIGHT: ("b''", "b'ok'", HINT),
    HEAD + b"a\r\n\r\nb": ("b''", repr(b"a\r\n\r\nb"), HINT),
    b"HTTP/1.0 200 OK\r\n\r\n": ("a Content-Type", "b'HTTP/1.0 200 OK'", ""),
    HEAD.replace(b"200", b"501"): ("200", "501", ""),
    b"": ("a status line (RFC 9112 section 4)", "b''", ""),
}


@pytest.mark.parametrize("answered", HEAD_MISTAKES)
def test_a_wrong_answer_to_head_is_found(answered: bytes) -> None:
    with serving(lambda _: answered) as (target, requests), pytest.raises(CheckFailed) as caught:
        web.expect_head_without_content(target)
    failure = caught.value
    assert (failure.expected, failure.got, failure.hint) == HEAD_MISTAKES[answered]
    assert requests == [b"HEAD / HTTP/1.0\r\nHost: lab\r\n\r\n"]


@pytest.mark.parametrize("status", [400, 413, 414, 431])
def test_endless_headers_are_refused_by_one_of_four_statuses(status: int) -> None:
    refusal = f"HTTP/1.0 {status} No\r\n\r\n".encode()
    with serving(lambda request: refusal if len(request) > 65536 else RIGHT) as (target, _):
        web.expect_endless_headers_refused(target)


def test_endless_headers_that_are_taken_are_found() -> None:
    with serving(lambda _: RIGHT) as (target, requests), pytest.raises(CheckFailed) as caught:
        web.expect_endless_headers_refused(target)
    filler = b"X-Filler: " + b"x" * 1000 + b"\r\n"
    assert requests == [b"GET / HTTP/1.0\r\nHost: lab\r\n" + filler * 80 + b"\r\n"]
    assert (caught.value.expected, caught.value.got) == ("status 431 or 400", "200")
    assert caught.value.hint == "bound what you read"


def test_a_server_that_refuses_all_afterwards_is_found() -> None:
    with serving(lambda _: b"HTTP/1.0 431 No\r\n\r\n") as (target, _), pytest.raises(CheckFailed):
        web.expect_endless_headers_refused(target)
    with serving(lambda _: b"HTTP/1.0 413 No\r\n\r\n") as (target, _), pytest.raises(CheckFailed):
        web.expect_oversize_body_refused(target, "/")
    with serving(lambda _: b"HTTP/1.0 500 No\r\n\r\n") as (target, _), pytest.raises(CheckFailed):
        web.expect_reset_survived(target)


def test_a_large_body_that_is_taken_is_found() -> None:
    with serving(lambda _: RIGHT) as (target, requests), pytest.raises(CheckFailed, match="413") as caught:
        web.expect_oversize_body_refused(target, "/here")
    assert caught.value.hint == "look at Content-Length before you read"
    assert requests[0].startswith(b"POST /here HTTP/1.0\r\n")


def test_a_server_of_one_client_at_a_time_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "ask", lambda target: web.Answer(503, Message(), b""))
    with serving(right) as (target, _), pytest.raises(CheckFailed):
        web.expect_slow_clients_delay_nobody(target)


def test_each_family_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def over(target: Target, family: socket.AddressFamily) -> Target:
        asked.append(family)
        return target

    monkeypatch.setattr(Target, "over", over)
    with serving(right) as (target, requests):
        web.expect_both_families(target, "/page")
        assert [each.split()[1] for each in requests] == [b"/page", b"/page"]
    assert asked == [socket.AF_INET, socket.AF_INET6]
    with serving(lambda _: b"HTTP/1.0 404 No\r\n\r\n") as (target, requests), pytest.raises(CheckFailed):
        web.expect_both_families(target)
    assert requests[0].split()[1] == b"/"
