"""What the web servers make of odd requests: no network, a pair of sockets for each conversation."""

import hashlib
import socket
from pathlib import Path
from types import SimpleNamespace
from xmlrpc.client import Fault

import pytest

from services.cgi.server import CGIHandler
from services.proxy.server import ProxyHandler
from services.static.server import StaticHandler
from services.web import WebHandler
from services.xmlrpc.functions import APPLICATION_ERROR, call

GET = b"GET /samples/hello.txt HTTP/1.1\r\n"
HOST = b"Host: lab\r\n"
UPLOAD = b"POST /cgi-bin/upload.py HTTP/1.0\r\nContent-Type: multipart/form-data; boundary=border\r\n"


def answers(handler: type[WebHandler], octets: bytes) -> bytes:
    """Return all that a handler says to a client that sends these octets and then EOF."""

    class LocalHandler(handler):  # type: ignore[valid-type, misc]
        disable_nagle_algorithm = False  # an option of TCP's

    client, connection = socket.socketpair()
    with client, connection:
        client.sendall(octets)
        client.shutdown(socket.SHUT_WR)
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
