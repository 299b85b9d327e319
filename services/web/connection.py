"""A connection: octets as they come, within a time and a number, and whether it stays open after an answer.

Spec: RFC 9112 section 9.3 (persistence) and 9.6 (tear-down), RFC 9110 section 7.6.1 (Connection)
"""

import io
import socket
import time
from email.message import Message
from http import HTTPStatus
from typing import Any

from services.web import limits
from services.web.errors import RefusedError
from services.web.head import list_of


class Incoming(io.RawIOBase):
    """What one client sends, as a file that keeps time and count for each request.

    Attributes:
        deadline: when the request must be here, on the monotonic clock.
        allowed_octets: how much more is read.
        too_much: the status of a request that is larger.
        s_per_octet: how much longer each octet gives the client.
    """

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.begin_request()

    def begin_request(self) -> None:
        """Start the clock and the count anew."""
        self.deadline = time.monotonic() + limits.REQUEST_S
        self.allowed_octets = limits.HEAD_OCTETS
        self.too_much = HTTPStatus.REQUEST_URI_TOO_LONG  # until the request line is in
        self.s_per_octet = 0.0
        self.silent = True

    def begin_body(self, allowed_octets: int) -> None:
        """Allow for a body behind the head, and for the time that it takes."""
        self.allowed_octets += allowed_octets
        self.too_much = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        self.s_per_octet = 1 / limits.SLOWEST_OCTETS_PER_S

    def readable(self) -> bool:
        """Tell `io.BufferedReader` that it may read from here."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Receive what has arrived; a client that said nothing in time is taken to have left.

        Raises:
            RefusedError: the time is up in the middle of a request, or the request is too large.
        """
        if self.allowed_octets <= 0:
            raise RefusedError(self.too_much, "the request is longer than this server reads")
        try:
            self.sock.settimeout(max(self.deadline - time.monotonic(), 0.001))
            count = self.sock.recv_into(buffer)
        except TimeoutError:
            if self.silent:
                return 0
            reason = "the request did not come to its end in time"
            raise RefusedError(HTTPStatus.REQUEST_TIMEOUT, reason) from None
        finally:
            self.sock.settimeout(limits.REQUEST_S)
        self.allowed_octets -= count
        self.deadline += count * self.s_per_octet
        self.silent = False
        return count


def stays_open(version: str, fields: Message) -> bool:
    """Return whether the client will go on with this connection, as its version and its Connection say.

    Options are a list, over several fields, in any case: `Connection: TE, Close` is `close` as well. A
    client of HTTP/1.0 has to ask for it, and be told that it is so (RFC 9112 section 9.3).
    """
    options = list_of(fields, "Connection")
    return "close" not in options and (version == "HTTP/1.1" or "keep-alive" in options)
