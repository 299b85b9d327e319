"""What the web servers make of odd requests: no network, a pair of sockets for each conversation."""

import socket
from types import SimpleNamespace

import pytest

from services.static.server import StaticHandler
from services.web import WebHandler

GET = b"GET /samples/hello.txt HTTP/1.1\r\n"
HOST = b"Host: lab\r\n"


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


@pytest.mark.parametrize("before", [b"", b"\r\n", b"\n\r\n"])
def test_empty_lines_before_a_request_are_passed_over(before: bytes) -> None:
    answer = answers(StaticHandler, before + GET + HOST + b"\r\n" + before + GET + HOST + b"\r\n")
    assert answer.count(b"HTTP/1.1 200 OK") == 2


def test_empty_lines_alone_are_no_request(capsys: pytest.CaptureFixture[str]) -> None:
    assert answers(StaticHandler, b"\r\n\r\n") == b""
    assert capsys.readouterr().out.endswith("left without a request\n")
