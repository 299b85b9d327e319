"""The other end: a connection to a host that we may connect to, and the answer that comes from there."""

import io
import re
import socket
import time
from collections.abc import Iterator
from http import HTTPStatus
from http.client import HTTPMessage
from typing import NamedTuple

from services.proxy.border import NotALabHostError, lab_addresses
from services.proxy.protocol import Destination
from services.web import Incoming, RefusedError
from services.web.bodies import chunked_pieces, content_length, is_chunked, sized_pieces
from services.web.errors import bad_request
from services.web.head import read_fields, read_line

CONNECT_S = 5.0  # for all addresses of a name; hosts of a lab are on one machine
ANSWER_S = 60.0  # for a whole answer to arrive
ANSWER_OCTETS = 256 * 1024 * 1024  # passed on piece by piece: this bounds work, not memory
PIECE_OCTETS = 64 * 1024
INTERIM_ANSWERS = 16
STATUS_LINE = re.compile(
    r"HTTP/1\.(?P<minor>[0-9]) (?P<status>[1-5][0-9]{2})(?: (?P<reason>[^\x00-\x08\x0a-\x1f\x7f]*))?"
)


def connect(destination: Destination) -> socket.socket:
    """Return a connection to a lab host: to an address that was checked, not to a name.

    Raises:
        RefusedError: it is not a lab host, or does not answer.
    """
    try:
        addresses = lab_addresses(destination.host, destination.port)
    except NotALabHostError:
        reason = "this proxy leads to hosts of its own lab only"
        raise RefusedError(HTTPStatus.FORBIDDEN, reason) from None
    except (OSError, UnicodeError):
        raise RefusedError(HTTPStatus.BAD_GATEWAY, "there is no host of that name") from None
    deadline = time.monotonic() + CONNECT_S
    for family, address in addresses:
        sock = socket.socket(family, socket.SOCK_STREAM)
        sock.settimeout(max(deadline - time.monotonic(), 0.001))
        try:
            sock.connect(address)
        except OSError:
            sock.close()
        else:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return sock
    late = time.monotonic() >= deadline
    status = HTTPStatus.GATEWAY_TIMEOUT if late else HTTPStatus.BAD_GATEWAY
    raise RefusedError(status, "the host does not take connections there")


class Response(NamedTuple):
    """An origin server's answer as far as its head, and where its content comes from."""

    status: int
    reason: str
    version: str
    headers: HTTPMessage
    reader: io.BufferedReader
    length: int | None
    chunked: bool


class Answer(Incoming):
    """What an origin server sends, read with a limit on time and size like what clients send."""

    def __init__(self, sock: socket.socket) -> None:
        super().__init__(sock)
        self.deadline = time.monotonic() + ANSWER_S
        self.reader: io.BufferedReader = io.BufferedReader(self)

    def read_heads(self, method: str) -> Iterator[Response]:
        """Yield the interim answers to a request (RFC 9110 section 15.2), and at last the final one.

        Raises:
            RefusedError: there is none, or none that we can pass on: what is malformed on this
                connection might be two answers on the next (response splitting).
        """
        for _ in range(INTERIM_ANSWERS):
            try:
                response = self.read_head(method)
            except (OSError, RefusedError):
                late = time.monotonic() >= self.deadline
                status = HTTPStatus.GATEWAY_TIMEOUT if late else HTTPStatus.BAD_GATEWAY
                raise RefusedError(status, "the host gave no answer that is HTTP") from None
            if response.status >= 200:
                self.allowed_octets = ANSWER_OCTETS
            yield response
            if response.status >= 200:
                return
        raise RefusedError(HTTPStatus.BAD_GATEWAY, "the host gives interim answers only")

    def read_head(self, method: str) -> Response:
        """Return one answer, as far as its headers, and where its content will end (RFC 9112 section 6.3).

        Raises:
            RefusedError: it is malformed, or its end cannot be known for sure.
            OSError: it does not come.
        """
        line = read_line(self.reader)
        match = STATUS_LINE.fullmatch(line or "")
        if match is None or match["status"] == "101":  # nobody has asked to upgrade
            raise bad_request("not a status line (RFC 9112 section 4)")
        version = "HTTP/1.0" if match["minor"] == "0" else "HTTP/1.1"
        status, headers = int(match["status"]), read_fields(self.reader)
        length = content_length(headers)
        bare = method == "HEAD" or status < 200 or status in (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED)
        chunked = not bare and is_chunked(headers, version)
        if status < 200 or status == HTTPStatus.NO_CONTENT:
            length = None  # RFC 9110 section 8.6
        return Response(status, match["reason"] or "", version, headers, self.reader, length, chunked)


def pieces_of(response: Response) -> Iterator[bytes]:
    """Yield an answer's content as it comes.

    Raises:
        EOFError: it ended too early, too late, or never.
    """
    try:
        if response.chunked:
            yield from chunked_pieces(response.reader)
        elif response.length is not None:
            yield from sized_pieces(response.reader, response.length)
        else:
            while piece := response.reader.read1(PIECE_OCTETS):
                yield piece
    except (OSError, RefusedError) as error:
        raise EOFError from error
