"""What every web server of the lab stands on: `http.server`, with a limit on whatever a client decides.

The library's server takes requests of megabytes in headers, waits for ever for a slow client, and starts
a thread for whoever knocks. Here a request, which is its line, its headers and its body, must arrive whole
within `REQUEST_S` and within its limits, before any `do_GET` sees it; otherwise it is refused with the
status that RFC 9110 names for it. A lesson's `server.py` imports this and says only what it answers.

    class HelloHandler(WebHandler):
        def do_GET(self) -> None:
            self.send_content("text/plain", b"hello")

    WebServer(("", 80), HelloHandler).serve_until_killed()
"""

import contextlib
import io
import socket
import threading
import time
from email.errors import MissingHeaderBodySeparatorDefect
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, HTTPServer
from socketserver import TCPServer, ThreadingMixIn
from typing import Any

from services.journal import log

REQUEST_S = 10.0  # for a whole request to arrive, and for each piece of an answer to be taken
LINGER_S = 1.0  # for a client to read our answer and close
HEAD_OCTETS = 32 * 1024  # request line and headers together; browsers send 1-2 KiB, servers take 8-64
BODY_OCTETS = 64 * 1024  # unless a handler says otherwise; held in memory, so times CLIENTS_AT_ONCE
CLIENTS_AT_ONCE = 64  # a thread each, of the 128 processes and threads a container may have
BACKLOG = 128
NEVER_S = 3600.0  # the library wakes up to ask whether to shut down; SIGTERM ends us without asking


class RefusedError(Exception):
    """The request is not served: with which status, and why, in a sentence for the client."""

    def __init__(self, status: HTTPStatus, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


class Incoming(io.RawIOBase):
    """What one client sends, as a file that keeps time and count for each request."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.begin_request()

    def begin_request(self) -> None:
        """Start the clock and the count anew."""
        self.deadline = time.monotonic() + REQUEST_S
        self.allowed_octets = HEAD_OCTETS
        self.too_much = HTTPStatus.REQUEST_URI_TOO_LONG  # until the request line is in
        self.silent = True

    def readable(self) -> bool:
        """Tell `io.BufferedReader` that it may read from here."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Receive what has arrived; a client that said nothing in time is taken to have left.

        Raises:
            RefusedError: the time is up in the middle of a request, or the request is too large.
        """
        if self.allowed_octets <= 0:
            raise RefusedError(self.too_much, f"more than {HEAD_OCTETS} octets before the blank line")
        try:
            self.sock.settimeout(max(self.deadline - time.monotonic(), 0.001))
            count = self.sock.recv_into(buffer)
        except TimeoutError:
            if self.silent:
                return 0
            reason = f"the request was not complete after {REQUEST_S:g} s"
            raise RefusedError(HTTPStatus.REQUEST_TIMEOUT, reason) from None
        finally:
            self.sock.settimeout(REQUEST_S)
        self.allowed_octets -= count
        self.silent = False
        return count


class HeadLines(io.BufferedReader):
    """The same, by lines; where one ends is nobody's guess."""

    def readline(self, size: int | None = -1, /) -> bytes:
        """Return one line of a request's head.

        Raises:
            RefusedError: a CR stands within it. Some end a line there, and see headers that others do not.
        """
        line = super().readline(size)
        if b"\r" in line.removesuffix(b"\r\n"):
            raise RefusedError(HTTPStatus.BAD_REQUEST, "a CR without its LF (RFC 9112 section 2.2)")
        return line


class WebServer(ThreadingMixIn, HTTPServer):
    """IPv4 and IPv6 on one socket, a thread for each connection, and not more than it can bear."""

    address_family = socket.AF_INET6
    request_queue_size = BACKLOG
    daemon_threads = True
    clients_at_once = CLIENTS_AT_ONCE

    def __init__(self, *arguments: Any, **options: Any) -> None:
        self.places = threading.Semaphore(self.clients_at_once)
        self.unfinished: dict[socket.socket, None] = {}  # whose request we await, the oldest first
        super().__init__(*arguments, **options)

    def server_bind(self) -> None:
        """Bind for both families. HTTPServer would look up our own name, and may wait for DNS."""
        self.socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        TCPServer.server_bind(self)
        self.server_name, self.server_port = socket.gethostname(), self.server_address[1]

    def serve_until_killed(self) -> None:
        """Serve; SIGTERM ends a Python program unless it asks otherwise."""
        self.serve_forever(poll_interval=NEVER_S)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Start a thread; when all places are taken, who keeps us waiting longest must go."""
        if not self.places.acquire(blocking=False):
            for slowest in list(self.unfinished)[:1]:
                self.unfinished.pop(slowest, None)
                with contextlib.suppress(OSError):  # it has just left by itself
                    slowest.shutdown(socket.SHUT_RD)  # its thread reads EOF
            self.places.acquire()
        super().process_request(request, client_address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Serve one connection to its end, and give its place back."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self.places.release()

    def shutdown_request(self, request: Any) -> None:
        """End our side and read on a moment: to close on unread octets sends RST, and loses our answer."""
        deadline = time.monotonic() + LINGER_S
        try:
            request.shutdown(socket.SHUT_WR)
            while (left_s := deadline - time.monotonic()) > 0:
                request.settimeout(left_s)
                if not request.recv(65536):
                    break
        except OSError:
            pass
        self.close_request(request)


class WebHandler(BaseHTTPRequestHandler):
    """One connection: reads each request whole, within the limits, then calls `do_<METHOD>`.

    Attributes:
        body: the request's body, complete; empty when there is none.
        body_octets: the largest body taken.
        remark: what a handler wants to stand at the end of this request's log line.
        is_proxy: whether request-targets are somebody else's (RFC 9112 section 3.2), to be left as they are.
    """

    server: WebServer
    raw_requestline: bytes
    protocol_version = "HTTP/1.1"  # connections stay open, so every answer says its length
    default_request_version = "HTTP/1.0"  # for what is no request at all: it too gets a status line
    timeout = REQUEST_S
    disable_nagle_algorithm = True  # headers and content are two writes; the second must not wait
    body_octets = BODY_OCTETS
    is_proxy = False

    def setup(self) -> None:
        """Read through `Incoming` in place of the library's plain file."""
        super().setup()
        self.rfile.close()
        self.incoming = Incoming(self.connection)
        self.rfile = HeadLines(self.incoming)
        self.body, self.remark, self.logged = b"", "", False

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
        self.body, self.remark = b"", ""
        self.incoming.begin_request()
        self.server.unfinished[self.connection] = None
        try:
            super().handle_one_request()
        except RefusedError as refusal:
            self.send_error(refusal.status, explain=refusal.reason)
            self.close_connection = True

    def parse_request(self) -> bool:
        """Read headers and body too, and refuse what would mean one thing to us and another to a proxy.

        Empty lines before the request line are passed over (RFC 9112 section 2.2).

        Raises:
            RefusedError: it is malformed (RFC 9112), too large, or too late.
        """
        while self.raw_requestline in (b"\r\n", b"\n"):
            self.raw_requestline = self.rfile.readline()
        self.incoming.too_much = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
        if not super().parse_request():
            return False
        values = "".join(self.headers.values())
        if any(isinstance(defect, MissingHeaderBodySeparatorDefect) for defect in self.headers.defects):
            raise RefusedError(HTTPStatus.BAD_REQUEST, "a header line has no colon (RFC 9112 section 5)")
        if any(octet in values for octet in "\0\r\n"):
            raise RefusedError(
                HTTPStatus.BAD_REQUEST, "a header has NUL, CR or LF in it (RFC 9110 section 5.5)"
            )
        hosts = len(self.headers.get_all("Host", []))
        asked_for = self.request_version >= "HTTP/1.1" and self.command != "CONNECT"  # whose target is a host
        if hosts > 1 or (hosts == 0 and asked_for):
            reason = f"{hosts} Host lines: HTTP/1.1 asks for one (RFC 9112 section 3.2)"
            raise RefusedError(HTTPStatus.BAD_REQUEST, reason)
        if "%00" in self.path or not all("!" <= each != "\x7f" for each in self.path):
            raise RefusedError(HTTPStatus.BAD_REQUEST, "a control character in the request-target")
        if not self.is_proxy:
            self.path = origin_form(self.path)
        size = self.declared_body_octets()
        self.incoming.allowed_octets += size
        self.body = self.rfile.read(size)
        if len(self.body) < size:
            raise RefusedError(
                HTTPStatus.BAD_REQUEST, f"{len(self.body)} of {size} octets of a body, then EOF"
            )
        self.server.unfinished.pop(self.connection, None)
        return True

    def declared_body_octets(self) -> int:
        """Return the body's size as the headers declare it (RFC 9112 section 6.3).

        Raises:
            RefusedError: it is too large, said in two ways, no number, or not said beforehand (chunked).
        """
        if "Transfer-Encoding" in self.headers:
            raise RefusedError(
                HTTPStatus.LENGTH_REQUIRED, "say Content-Length: chunked bodies are not taken here"
            )
        declared = set(self.headers.get_all("Content-Length", ["0"]))
        text = declared.pop().strip()
        if declared or not (text.isascii() and text.isdigit()):
            raise RefusedError(HTTPStatus.BAD_REQUEST, "Content-Length is not one number")
        if len(text) > 12 or int(text) > self.body_octets:
            reason = f"a body may have {self.body_octets} octets"
            raise RefusedError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, reason)
        return int(text)

    def handle_expect_100(self) -> bool:
        """Say `100 Continue` only to a body that we shall take."""
        self.declared_body_octets()
        return super().handle_expect_100()

    def send_content(self, content_type: str, content: bytes, status: int = HTTPStatus.OK) -> None:
        """Answer with one whole content; a HEAD gets its headers only."""
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Write the one line of this request."""
        self.logged = True
        log(
            self.client_address,
            f"{self.requestline[:200] or '(no request line)'} -> {code} {self.remark}".rstrip(),
        )

    def log_error(self, format: str, *args: object) -> None:
        """Write nothing: `log_request` tells the same by the status."""


def origin_form(target: str) -> str:
    """Return a request-target as a path; the absolute form, meant for a proxy, has it inside.

    Raises:
        RefusedError: it is neither, as `*` or the `host:port` of CONNECT.
    """
    scheme, separator, rest = target.partition("://")
    if separator and scheme.lower() == "http":
        target = "/" + rest.partition("/")[2].lstrip("/")
    if not target.startswith("/"):
        raise RefusedError(HTTPStatus.BAD_REQUEST, "the request-target is not a path (RFC 9112 section 3.2)")
    return target
