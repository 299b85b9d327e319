"""What the proxy makes of an origin server's answers: handed on whole, refused with 502, or cut short."""

import socket

import pytest

from services.proxy.origin import Answer, pieces_of
from services.web import RefusedError

OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
SIZED = OK + b"Content-Length: 5\r\n\r\nhello"


def outcome(octets: bytes) -> str:
    """Return status and content of an answer, or how it failed."""
    server, ours = socket.socketpair()
    with server, ours:
        server.sendall(octets)
        server.shutdown(socket.SHUT_WR)
        try:
            *interim, final = Answer(ours).read_heads("GET")
            content = b"".join(pieces_of(final)).decode()
        except RefusedError as refusal:
            return str(refusal.status.value)
        except EOFError:
            return "cut short"
        return " ".join([*(str(each.status) for each in interim), str(final.status), content])


@pytest.mark.parametrize(
    ("octets", "expected"),
    [
        (SIZED, "200 hello"),
        (b"HTTP/1.0 200 OK\r\n\r\nhello", "200 hello"),
        (b"HTTP/1.1 200\r\nContent-Length: 5\r\n\r\nhello", "200 hello"),
        (OK + b"Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello", "200 hello"),
        (CHUNKED + b"5;a=b\r\nhello\r\n0\r\n\r\n", "200 hello"),
        (OK + b"Transfer-Encoding: chunked \r\n\r\n5\r\nhello\r\n0\r\n\r\n", "200 hello"),
        (b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + SIZED, "103 200 hello"),
        (b"HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n", "204 "),
        (OK + b"Content-Length: 6\r\n\r\nhello", "cut short"),
        (CHUNKED + b"5\r\nhel", "cut short"),
        (CHUNKED + b"0x5\r\nhello\r\n0\r\n\r\n", "cut short"),
        (CHUNKED + b"-5\r\nhello\r\n0\r\n\r\n", "cut short"),
        (CHUNKED + b"5\nhello\n0\n\n", "cut short"),
        (CHUNKED + b"5\r\nhello\r\n0\r\nno colon\r\n\r\n", "cut short"),
        (OK + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello", "502"),
        (OK + b"Content-Length: 5, 6\r\n\r\nhello", "502"),
        (OK + b"Content-Length: abc\r\n\r\nhello", "502"),
        (OK + b"Content-Length: -5\r\n\r\nhello", "502"),
        (OK + b"Content-Length : 5\r\n\r\nhello", "502"),
        (OK + b"X: a\r\n folded\r\n\r\nhello", "502"),
        (OK + b": x\r\n\r\nhello", "502"),
        (OK + b"X: a\rSet-Cookie: b\r\n\r\nhello", "502"),
        (OK + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", "502"),
        (OK + b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n", "502"),
        (b"HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "502"),
        (b"HTTP/2.0 200 OK\r\n\r\n", "502"),
        (b"HTTP/1.1 2000 OK\r\n\r\n", "502"),
        (b"HTTP/1.1 101 Switching Protocols\r\n\r\n", "502"),
        (b"HTTP/1.1 100 Continue\r\n\r\n" * 20 + SIZED, "502"),
        (b"220 mail.lab.test\r\n", "502"),
        (b"", "502"),
    ],
)
def test_an_answer_is_whole_or_it_is_none(octets: bytes, expected: str) -> None:
    assert outcome(octets) == expected
