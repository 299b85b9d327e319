"""The other end: a connection to a host that we may connect to, and the answer that comes from there."""

import io
import socket
import time
from collections.abc import Iterator
from http import HTTPStatus
from http.client import HTTPException, HTTPResponse
from typing import cast

from services.proxy.border import NotALabHostError, lab_addresses
from services.proxy.protocol import Destination
from services.web import Incoming, RefusedError

CONNECT_S = 5.0  # for all addresses of a name; hosts of a lab are on one machine
ANSWER_S = 60.0  # for a whole answer to arrive
ANSWER_OCTETS = 256 * 1024 * 1024  # passed on piece by piece: this bounds work, not memory
PIECE_OCTETS = 64 * 1024


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


class Answer(Incoming):
    """What an origin server sends, read with a limit on time and size like what clients send."""

    def __init__(self, sock: socket.socket) -> None:
        super().__init__(sock)
        self.deadline = time.monotonic() + ANSWER_S

    def makefile(self, mode: str) -> io.BufferedReader:
        """Give `HTTPResponse` what it expects of a socket."""
        return io.BufferedReader(self)

    def read_head(self, method: str) -> HTTPResponse:
        """Return the answer to a request, as far as its headers.

        Raises:
            RefusedError: there is none, or none that we can pass on.
        """
        response = HTTPResponse(cast(socket.socket, self), method=method)
        try:
            response.begin()
        except (HTTPException, OSError, RefusedError):
            late = time.monotonic() >= self.deadline
            status = HTTPStatus.GATEWAY_TIMEOUT if late else HTTPStatus.BAD_GATEWAY
            raise RefusedError(status, "the host gave no answer that is HTTP") from None
        if response.status < 200:  # interim answers, but for 100, belong to what we do not pass on
            raise RefusedError(HTTPStatus.BAD_GATEWAY, "the host gave an interim answer")
        self.allowed_octets = ANSWER_OCTETS
        return response


def pieces_of(response: HTTPResponse) -> Iterator[bytes]:
    """Yield an answer's content as it comes.

    Raises:
        EOFError: it ended too early, too late, or never.
    """
    left = response.length
    try:
        while piece := response.read1(PIECE_OCTETS if left is None else min(left, PIECE_OCTETS)):
            yield piece
            left = None if left is None else left - len(piece)
            if left == 0:
                return
    except (HTTPException, OSError, RefusedError) as error:
        raise EOFError from error
    if left:
        raise EOFError
