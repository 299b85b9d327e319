"""One connection: requests are read whole and within the limits, then `do_<METHOD>` answers each.

Spec: RFC 9112 section 9.3 (one request after another), RFC 9110 sections 9 (methods) and 10.1.1 (Expect)
"""

import contextlib
import io
import socket
import struct
import tempfile
from collections.abc import Iterator
from http import HTTPStatus
from http.client import HTTPMessage
from http.server import BaseHTTPRequestHandler

from services.journal import log
from services.web import limits
from services.web.bodies import chunked_pieces, content_length, is_chunked, sized_pieces
from services.web.connection import Incoming, stays_open
from services.web.errors import RefusedError, is_scarcity
from services.web.head import check_host, check_target, list_of, parse_request_line, read_fields, read_line
from services.web.places import WebServer


class WebHandler(BaseHTTPRequestHandler):
    """One client's connection, from its first request to its last.

    Attributes:
        body: the request's body, complete, as a file: in memory, or in /tmp when it is large.
        body_octets: the largest body taken.
        remark: what a handler wants to stand at the end of this request's log line.
        is_proxy: whether request-targets are somebody else's (RFC 9112 section 3.2), to be left as they are.
    """

    server: WebServer
    protocol_version = "HTTP/1.1"  # connections stay open, so every answer says its length
    timeout = limits.REQUEST_S
    disable_nagle_algorithm = True  # headers and content are two writes; the second must not wait
    body_octets = limits.SMALL_BODY_OCTETS
    bodies_room = limits.Room(limits.BODIES_OCTETS)
    is_proxy = False

    def setup(self) -> None:
        """Read through `Incoming` in place of the library's plain file."""
        super().setup()
        self.rfile.close()
        self.incoming = Incoming(self.connection)
        self.reader: io.BufferedReader = io.BufferedReader(self.incoming)
        self.rfile = self.reader
        self.remark, self.logged = "", False

    def handle(self) -> None:
        """Serve requests until either side has had enough; a client that breaks off is no error."""
        self.close_connection = False
        outcome = "left without a request"
        try:
            while not self.close_connection:
                self.handle_one_request()
        except OSError as error:
            outcome = f"left: {error.strerror or error}"
        finally:
            self.server.unfinished.pop(self.connection, None)
        if not self.logged:
            log(self.client_address, outcome)

    def handle_one_request(self) -> None:
        """Await a request and answer it, if only with a refusal."""
        self.command, self.requestline, self.request_version = "", "", "HTTP/1.0"
        self.headers = HTTPMessage()
        self.remark, self.answered, self.taken_octets = "", False, 0
        self.close_connection = True  # until we know that the connection can go on
        self.incoming.begin_request()
        self.server.unfinished[self.connection] = None
        with tempfile.SpooledTemporaryFile(limits.SMALL_BODY_OCTETS) as self.body:
            try:
                if self.read_request():
                    self.answer_request()
            except RefusedError as refusal:
                self.refuse(refusal)
            except OSError as error:
                if not is_scarcity(error):
                    raise
                self.refuse(RefusedError(HTTPStatus.SERVICE_UNAVAILABLE, f"for now: {error.strerror}"))
            finally:
                self.bodies_room.give_back(self.taken_octets)

    def read_request(self) -> bool:
        """Read a request as far as it is to be read before it is answered; return False if none comes.

        Empty lines before the request line are passed over (RFC 9112 section 2.2).

        Raises:
            RefusedError: it is malformed, too large, too late, or of a method that nothing here is for.
        """
        while (line := read_line(self.reader)) == "":
            pass
        if line is None:
            return False
        self.read_head(line)
        if not self.method():
            raise RefusedError(HTTPStatus.NOT_IMPLEMENTED, f"{self.command} is not known here")
        self.read_body()
        return True

    def read_head(self, line: str) -> None:
        """Read the head behind its first line, and judge it.

        Raises:
            RefusedError: it is malformed.
        """
        self.requestline = line
        request = parse_request_line(line)
        self.command, self.path, self.request_version = request
        self.incoming.too_much = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
        self.headers = read_fields(self.reader)
        check_host(request, self.headers)
        if not self.is_proxy or self.command == "CONNECT" or self.path == "*":
            self.path, host = check_target(request)
            if host and self.command != "CONNECT":  # then Host is not asked (RFC 9112 section 3.2.2)
                del self.headers["Host"]
                self.headers["Host"] = host
        # A proxy keeps no connection of HTTP/1.0: the client may not know who asks for it (appendix C.2.2).
        knows = self.request_version == "HTTP/1.1" or not self.is_proxy
        self.close_connection = not (knows and stays_open(self.request_version, self.headers))

    def method(self) -> object:
        """Return the method that answers this request, if there is one."""
        if self.path == "*":
            return self.do_options_of_the_server
        return getattr(self, f"do_{self.command}", None)

    def answer_request(self) -> None:
        """Call the method's own `do_...`."""
        self.server.unfinished.pop(self.connection, None)
        self.method()()  # type: ignore[operator]

    def do_options_of_the_server(self) -> None:
        """Answer `OPTIONS *`, which asks what the server can do at all (RFC 9110 section 9.3.7)."""
        methods = sorted(name[3:] for name in dir(self) if name.startswith("do_") and name[3:].isupper())
        self.send_response(HTTPStatus.NO_CONTENT)
        self.send_header("Allow", ", ".join(methods))
        self.end_headers()

    def read_body(self) -> None:
        """Read the body into `self.body`; say `100 Continue` before, but only if it will be taken.

        Raises:
            RefusedError: it is malformed or too late; 413, it is too large; 503, all bodies together are.
        """
        for piece in self.body_pieces():
            if not self.bodies_room.take(len(piece)):
                raise RefusedError(HTTPStatus.SERVICE_UNAVAILABLE, "too many uploads at this moment")
            self.taken_octets += len(piece)
            if self.taken_octets > self.body_octets:
                raise self.too_large()
            self.body.write(piece)
        self.body.seek(0)

    def body_pieces(self) -> Iterator[bytes]:
        """Yield the body as it comes (RFC 9112 section 6.3).

        Raises:
            RefusedError: it is malformed, or larger than `body_octets`.
        """
        size = self.declared_length()
        if size == 0:
            return
        # In chunks of one octet a body is six times as long.
        self.incoming.begin_body(size or 8 * self.body_octets)
        if self.request_version == "HTTP/1.1" and "100-continue" in list_of(self.headers, "Expect"):
            self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        yield from chunked_pieces(self.reader) if size is None else sized_pieces(self.reader, size)

    def declared_length(self) -> int | None:
        """Return how long the body will be; None when it comes in chunks, which do not say.

        Raises:
            RefusedError: that cannot be known for sure, or it is larger than `body_octets`.
        """
        if is_chunked(self.headers, self.request_version):
            return None
        size = content_length(self.headers) or 0
        if size > self.body_octets:
            raise self.too_large()
        return size

    def too_large(self) -> RefusedError:
        """Return the refusal of a body that is too large."""
        reason = f"a body may have {self.body_octets} octets"
        return RefusedError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, reason)

    def refuse(self, refusal: RefusedError) -> None:
        """Send a refusal, unless an answer has begun; the connection ends in either case."""
        self.close_connection = True
        if not self.answered:
            self.send_error(refusal.status, explain=refusal.reason)

    def abort(self) -> None:
        """Break the connection off, for an answer that is not whole: with linger 0 to close sends RST.

        A connection that ends as usual would be the end of the content where that has no other.
        """
        self.close_connection = True
        with contextlib.suppress(OSError):  # the client has left already
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def send_content(self, content_type: str, content: bytes, status: int = HTTPStatus.OK) -> None:
        """Answer with one whole content; a HEAD gets its headers only."""
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def send_response_only(self, code: int, message: str | None = None) -> None:
        """Begin an answer."""
        self.answered, self.says_connection = True, False
        super().send_response_only(code, message)

    def send_header(self, keyword: str, value: str) -> None:
        """Send a header; note whether the answer says itself what becomes of the connection."""
        self.says_connection = self.says_connection or keyword.lower() == "connection"
        super().send_header(keyword, value)

    def end_headers(self) -> None:
        """End the headers, with what becomes of the connection.

        To HTTP/1.1 only the end has to be said, to HTTP/1.0 only that it stays open (RFC 9112 section 9.3).
        """
        if not self.says_connection:
            if self.close_connection:
                self.send_header("Connection", "close")
            elif self.request_version == "HTTP/1.0":
                self.send_header("Connection", "keep-alive")
        super().end_headers()

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Write the one line of this request."""
        self.logged = True
        log(
            self.client_address,
            f"{self.requestline[:200] or '(no request line)'} -> {code} {self.remark}".rstrip(),
        )

    def log_error(self, format: str, *args: object) -> None:
        """Write nothing: `log_request` tells the same by the status."""
