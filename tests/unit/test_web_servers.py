"""What the web servers make of odd requests: no network, a pair of sockets for each conversation."""

import contextlib
import errno
import hashlib
import os
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment
from wsgiref.validate import validator
from xmlrpc.client import Fault

import pytest

from services.cgi import processes
from services.cgi.server import CGIHandler
from services.http.server import AskedHandler
from services.proxy.server import ProxyHandler
from services.static.server import StaticHandler
from services.web import WebHandler, limits
from services.wsgi.call import AppCall
from services.wsgi.server import AppHandler
from services.xmlrpc.functions import APPLICATION_ERROR, call

GET = b"GET /samples/hello.txt HTTP/1.1\r\n"
HOST = b"Host: lab\r\n"
UPLOAD = b"POST /cgi-bin/upload.py HTTP/1.0\r\nContent-Type: multipart/form-data; boundary=border\r\n"


class CountingHandler(AskedHandler):
    def answer_pieces(self) -> Iterator[bytes]:
        yield b"%d" % self.taken_octets


def send(client: socket.socket, octets: bytes) -> None:
    with contextlib.suppress(OSError):
        client.sendall(octets)
        client.shutdown(socket.SHUT_WR)


def answers(handler: type[WebHandler], octets: bytes) -> bytes:
    """Return all that a handler says to a client that sends these octets and then EOF."""

    class LocalHandler(handler):  # type: ignore[valid-type, misc]
        disable_nagle_algorithm = False  # an option of TCP's

    client, connection = socket.socketpair()
    with client, connection:
        threading.Thread(target=send, args=(client, octets), daemon=True).start()
        LocalHandler(
            connection, ("127.0.0.1", 1), SimpleNamespace(unfinished={}, server_name="lab", server_port=80)
        )
        connection.close()
        return b"".join(iter(lambda: client.recv(65536), b""))


@pytest.fixture
def scripts_find_their_modules(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))


@pytest.mark.parametrize(
    "head",
    [
        pytest.param(GET, id="HTTP/1.1 without Host"),
        pytest.param(GET + HOST + b"Host: other\r\n", id="two Hosts"),
        pytest.param(GET.replace(b"1.1", b"1.0") + HOST + HOST, id="two Hosts in HTTP/1.0"),
        pytest.param(GET + HOST + b"X-A: b\rContent-Length: 5\r\n", id="CR within a header"),
        pytest.param(GET.replace(b" HTTP", b"\r HTTP") + HOST, id="CR within the request line"),
    ],
)
def test_a_head_that_others_would_read_otherwise_is_400_and_the_end(head: bytes) -> None:
    answer = answers(StaticHandler, head + b"\r\n" + GET + HOST + b"\r\n")
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"\r\nHTTP/1.1 " not in answer


def test_connect_names_its_host_in_the_target_and_needs_no_other_line() -> None:
    answer = answers(ProxyHandler, b"CONNECT nowhere HTTP/1.1\r\n\r\n")
    assert b"CONNECT is asked for HOST:PORT" in answer


@pytest.mark.parametrize("before", [b"", b"\r\n", b"\n\r\n"])
def test_empty_lines_before_a_request_are_passed_over(before: bytes) -> None:
    answer = answers(StaticHandler, before + GET + HOST + b"\r\n" + before + GET + HOST + b"\r\n")
    assert answer.count(b"HTTP/1.1 200 OK") == 2


def test_empty_lines_alone_are_no_request(capsys: pytest.CaptureFixture[str]) -> None:
    assert answers(StaticHandler, b"\r\n\r\n") == b""
    assert capsys.readouterr().out.endswith("left without a request\n")


@pytest.mark.usefixtures("scripts_find_their_modules")
def test_a_script_gets_the_octets_that_came() -> None:
    head = "GET /cgi-bin/environ.py/%C3%B1?name=jalape%C3%B1o HTTP/1.0\r\n"
    head += "X-A: \u00f1\r\nContent-Type: a/\u00f1\r\n\r\n"
    answer = answers(CGIHandler, head.encode())
    for shown in (rb"PATH_INFO=/\xf1", rb"QUERY_STRING=name=jalape%C3%B1o", rb"HTTP_X_A=\xf1"):
        assert shown + b"\n" in answer
    assert rb"CONTENT_TYPE=a/\xf1" in answer


@pytest.mark.usefixtures("scripts_find_their_modules")
@pytest.mark.parametrize("kind", [b"message/rfc822", b"multipart/mixed", b"application/octet-stream"])
def test_an_upload_is_not_opened_whatever_it_is(kind: bytes) -> None:
    content = b"Subject: Hello\r\n\r\nA mail,\rits line ends\nas they are\r\n"
    header = b'Content-Disposition: form-data; name="file"; filename="a.eml"\r\nContent-Type: ' + kind
    body = b"--border\r\n" + header + b"\r\n\r\n" + content + b"\r\n--border--\r\n"
    answer = answers(CGIHandler, UPLOAD + b"Content-Length: %d\r\n\r\n" % len(body) + body)
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert f"{len(content)} octets, SHA-256 {hashlib.sha256(content).hexdigest()}".encode() in answer


@pytest.mark.parametrize(
    ("name", "arguments"),
    [("add", [10**400, 0.5]), ("divide", [10**400, 3]), ("divide", [1, 10**400])],
)
def test_an_int_too_large_for_a_double_is_a_fault(name: str, arguments: list[object]) -> None:
    try:
        result = call(name, arguments)
    except Fault as fault:
        assert fault.faultCode == APPLICATION_ERROR
    else:
        assert result == 0


@pytest.mark.parametrize(
    ("lines", "shown", "hidden"),
    [
        (b"Host: a.test:8080\r\n", [b"SERVER_NAME=a.test"], []),
        (b"Host: [fd6c::5]:80\r\n", [b"SERVER_NAME=[fd6c::5]"], []),
        (
            b"",
            [b"SERVER_NAME=lab", b"SERVER_PORT=80", b"SERVER_PROTOCOL=HTTP/1.0", b"QUERY_STRING=a=%26"],
            [],
        ),
        (b"", [b"SCRIPT_NAME=/cgi-bin/environ.py", b"PATH_INFO=/p q", b"REMOTE_ADDR=127.0.0.1"], []),
        (
            b"",
            [b"REQUEST_METHOD=POST", b"REMOTE_HOST=127.0.0.1"],
            [b"CONTENT_LENGTH", b"CONTENT_TYPE", b"AUTH_TYPE"],
        ),
        (b"Content-Length: 0\r\n", [b"CONTENT_LENGTH=0"], [b"HTTP_CONTENT_LENGTH"]),
        (b"Content-Type: a/b\r\nContent-Type: c/d\r\n", [b"CONTENT_TYPE=a/b"], [b"HTTP_CONTENT_TYPE"]),
        (b"X-A: 1\r\nx-a: 2\r\n", [b"HTTP_X_A=1, 2"], []),
        (b"X-A: real\r\nX_A: spoof\r\n", [b"HTTP_X_A=real"], [b"spoof"]),
        (b"Cookie: a=b\r\nCookie: c=d\r\n", [b"HTTP_COOKIE=a=b; c=d"], []),
        (b"Proxy: evil\r\nAuthorization: Basic x\r\n", [], [b"HTTP_PROXY", b"HTTP_AUTHORIZATION"]),
    ],
)
def test_each_variable_of_cgi_says_what_the_rfc_asks_for(
    lines: bytes, shown: list[bytes], hidden: list[bytes]
) -> None:
    class ToldHandler(CGIHandler):
        def run_script(self, script: Path, variables: dict[str, str]) -> bytes:
            shown = "\n".join(f"{key}={value}" for key, value in variables.items())
            return b"Content-Type: text/plain\n\n" + shown.encode()

    answer = answers(ToldHandler, b"POST /cgi-bin/environ%2epy/p%20q?a=%26 HTTP/1.0\r\n" + lines + b"\r\n")
    for line in shown:
        assert line in answer.splitlines()
    for text in hidden:
        assert text not in answer


def test_uploads_are_bounded_all_together(monkeypatch: pytest.MonkeyPatch) -> None:
    room = limits.Room(100_000)
    monkeypatch.setattr(WebHandler, "bodies_room", room)
    body = b"x" * 70_000
    request = b"POST / HTTP/1.1\r\nHost: lab\r\nContent-Length: 70000\r\n\r\n" + body
    assert answers(CountingHandler, request + request).count(b"HTTP/1.1 200") == 2  # each gives its room back
    assert room.take(40_000)
    assert answers(CountingHandler, request).startswith(b"HTTP/1.1 503 ")
    assert room.free_octets == 60_000


def test_a_full_temporary_folder_is_503_and_an_error_of_the_connection_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def write_nothing(self: AskedHandler) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(AskedHandler, "read_body", write_nothing)
    assert answers(AskedHandler, GET + HOST + b"\r\n").startswith(b"HTTP/1.1 503 ")


def test_a_continue_is_not_said_to_a_body_that_is_refused() -> None:
    head = b"POST / HTTP/1.1\r\nHost: lab\r\nExpect: 100-continue\r\nContent-Length: 999999999\r\n\r\n"
    assert answers(AskedHandler, head).startswith(b"HTTP/1.1 413 ")


def test_the_host_of_a_whole_url_counts_more_than_the_field() -> None:
    answer = answers(AskedHandler, b"GET http://real/x HTTP/1.1\r\nHost: other\r\nConnection: close\r\n\r\n")
    assert b'"Host: real"' in answer
    assert b"other" not in answer


def call_of(app: WSGIApplication, octets: bytes) -> bytes:
    """Return what a WSGI handler says for an application behind the standard library's validator."""

    class OneApp(AppHandler):
        def do_GET(self) -> None:  # noqa: N802
            AppCall(self, self.get_environ()).run(validator(app))

        do_POST = do_GET  # noqa: N815

    return answers(OneApp, octets)


@pytest.mark.parametrize(("returned", "sent"), [(b"0123456789", b"01234"), (b"012", b"012")])
def test_an_application_gets_through_what_it_announced(
    returned: bytes, sent: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    def app(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "5")])
        return [returned]

    answer = call_of(app, GET + HOST + b"\r\n" + GET + HOST + b"\r\n")
    assert answer.partition(b"\r\n\r\n")[2] == sent  # and no second answer, where the first has no end
    assert f"announced 5 octets, returned {len(returned)}" in capsys.readouterr().out


def test_an_application_whose_file_is_missing_has_crashed_and_the_client_has_not_left(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def app(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        raise FileNotFoundError("no menu")

    assert call_of(app, GET + HOST + b"\r\n").startswith(b"HTTP/1.1 500 ")
    told = capsys.readouterr().out
    assert "/samples/hello.txt: FileNotFoundError: no menu" in told
    assert "Traceback" in told


@pytest.mark.parametrize(
    "headers", [[("X-A", "b\u0100")], [("X-A: b\r\nX", "c")], [("X A", "b")], [("Connection", "close")]]
)
def test_an_application_cannot_split_the_response(headers: list[tuple[str, str]]) -> None:
    def app(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        start_response("200 OK", [("Content-Type", "text/plain"), *headers])
        return [b"x"]

    assert call_of(app, GET + HOST + b"\r\n").startswith(b"HTTP/1.1 500 ")


def test_an_application_that_reads_nothing_is_told_nothing_and_the_connection_ends() -> None:
    def app(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b"unread"]

    head = b"POST / HTTP/1.1\r\nHost: lab\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n"
    answer = call_of(app, head + b"hello")
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert b"Connection: close" in answer


@pytest.mark.parametrize("how", ["setsid sleep 600 &", "env -i setsid sleep 600 &"])
def test_what_a_script_leaves_behind_ends_with_it(how: str, tmp_path: Path) -> None:
    processes.adopt_orphans()
    script = tmp_path / "leaves.sh"
    script.write_text(f"#!/bin/sh\n{how}\nuntil grep -qx sleep /proc/$!/comm; do :; done\necho $!\n")
    script.chmod(0o755)
    with (tmp_path / "body").open("w+b") as body:
        output = processes.run(script, dict(os.environ), body.fileno(), limit_s=300, limit_octets=100)
    assert not Path("/proc", output.decode().strip()).exists()
