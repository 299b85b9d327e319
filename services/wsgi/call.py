"""One call of an application: `start_response`, the pieces of content, and what goes wrong (PEP 3333).

A response's length is what the application announces. Without an announcement the content goes in chunks
(RFC 9112 section 7.1), so that a client can tell a whole answer from one that broke off.
"""

import re
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from types import TracebackType
from typing import Any
from wsgiref.types import WSGIApplication, WSGIEnvironment

from services.journal import log
from services.web import RefusedError, WebHandler
from services.web.head import FIELD_VALUE, TOKEN

STATUS = re.compile(r"[1-5][0-9]{2} [^\x00-\x1f\x7f]*")
CRASHED = b"The application crashed. The server's log says how.\n"
# They are the server's: the application knows no connection (PEP 3333, "Other HTTP Features").
HOP_BY_HOP = {"connection", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade"}
NO_CONTENT = (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED)

ExcInfo = tuple[type[BaseException], BaseException, TracebackType] | tuple[None, None, None]


class AppCall:
    """A call, from the request to the last octet of its answer."""

    def __init__(self, handler: WebHandler, environ: WSGIEnvironment) -> None:
        self.handler = handler
        self.environ = environ
        self.status = ""
        self.headers: list[tuple[str, str]] = []
        self.announced: int | None = None
        self.returned_octets = 0
        self.head_sent, self.chunked = False, False
        self.sending_error: OSError | None = None

    def run(self, app: WSGIApplication) -> None:
        """Call the application and send what it returns; a crash of its own is a 500, or the end."""
        try:
            result = app(self.environ, self.start_response)
            try:
                for piece in self.pieces(result):
                    self.write(piece)
                self.finish()
            finally:
                close = getattr(result, "close", None)
                if close:
                    close()
        except RefusedError:
            raise  # the request's body was not to be had
        except Exception as error:
            if error is self.sending_error:
                raise  # the client has left
            self.report_crash()
        self.handler.log_request(self.status[:3])

    def pieces(self, result: Iterable[bytes]) -> Iterator[bytes]:
        """Yield what an application returned."""
        yield from result

    def start_response(
        self, status: str, headers: list[tuple[str, str]], exc_info: ExcInfo | None = None, /
    ) -> Callable[[bytes], object]:
        """Take status and headers; they are sent with the first piece of content, and until then may change.

        Raises:
            ValueError: they would break the response, or split it into two.
        """
        if exc_info and self.head_sent and exc_info[1]:
            raise exc_info[1]
        if self.status and not exc_info:
            raise ValueError("start_response was called twice")
        if not STATUS.fullmatch(status):
            raise ValueError(f"not a status: {status!r}")
        for name, value in headers:
            if not TOKEN.fullmatch(name) or not FIELD_VALUE.fullmatch(value):
                raise ValueError(f"not a header: {name!r}: {value!r}")
            if name.lower() in HOP_BY_HOP:
                raise ValueError(f"{name} is for the server to say")
        lengths = {value for name, value in headers if name.lower() == "content-length"}
        self.announced = int(lengths.pop()) if lengths else None
        self.status, self.headers = status, list(headers)
        return self.write

    def write(self, piece: bytes) -> None:
        """Send a piece of content, the head before the first one; no more in all than was announced."""
        if not piece:
            return
        if not self.status:
            raise ValueError("content came before start_response")
        self.send_head()
        left = len(piece) if self.announced is None else max(self.announced - self.returned_octets, 0)
        self.returned_octets += len(piece)
        self.send_octets(piece[:left])

    def send_octets(self, octets: bytes) -> None:
        """Send octets of content, as a chunk if that is how this answer is framed."""
        if octets and self.has_content():
            with self.sending():
                self.handler.wfile.write(b"%x\r\n%b\r\n" % (len(octets), octets) if self.chunked else octets)

    @contextmanager
    def sending(self) -> Iterator[None]:
        """Tell an error of the connection from one of the application's, which may be an OSError too."""
        try:
            yield
        except OSError as error:
            self.sending_error = error
            raise

    def has_content(self) -> bool:
        """Return whether the answer may have content: to HEAD, and with 204 and 304, it has none."""
        return self.handler.command != "HEAD" and int(self.status[:3]) not in NO_CONTENT

    def finish(self) -> None:
        """End the answer; report in the log when it was not as long as announced."""
        if not self.status:
            raise ValueError("the application has not called start_response")
        self.send_head(empty=True)
        if self.chunked and self.has_content():
            with self.sending():
                self.handler.wfile.write(b"0\r\n\r\n")
        if self.announced is not None and self.has_content() and self.returned_octets != self.announced:
            self.handler.remark = (
                f"({self.application}: announced {self.announced} octets, returned {self.returned_octets})"
            )
            self.handler.close_connection = True

    def send_head(self, *, empty: bool = False) -> None:
        """Send status line and headers, once; of what framing needs, add what the application left out."""
        if self.head_sent:
            return
        self.head_sent = True
        handler = self.handler
        handler.send_response_only(int(self.status[:3]), self.status[4:])
        given = {name.lower() for name, _ in self.headers}
        bare = int(self.status[:3]) in NO_CONTENT
        for name, value in self.headers:
            if not (bare and name.lower() == "content-length"):  # RFC 9110 section 8.6
                handler.send_header(name, value)
        for name, value in (("Date", handler.date_time_string()), ("Server", handler.version_string())):
            if name.lower() not in given:
                handler.send_header(name, value)
        if self.announced is None and not bare:
            if empty and handler.command != "HEAD":
                handler.send_header("Content-Length", "0")
            elif handler.request_version == "HTTP/1.1":
                self.chunked = True
                handler.send_header("Transfer-Encoding", "chunked")
            else:
                handler.close_connection = True  # then the end of the connection is that of the content
        with self.sending():
            handler.end_headers()

    def report_crash(self) -> None:
        """Write the traceback to the log; answer 500, or break off so that the client can tell."""
        handler, error = self.handler, sys.exception()
        handler.remark = f"({self.application}: {type(error).__name__})"
        for line in traceback.format_exc().splitlines():
            log(handler.client_address, f"{self.environ['REQUEST_METHOD']} {handler.path[:200]}: {line}")
        handler.close_connection = True
        if self.head_sent:
            if not self.chunked and self.announced is None:
                handler.abort()
            return
        self.status = ""
        content = self.error_page()
        headers = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(content)))]
        self.start_response("500 Internal Server Error", headers)
        self.write(content)

    def error_page(self) -> bytes:
        """Return what a client sees of a crash: nothing of it."""
        return CRASHED

    @property
    def application(self) -> Any:
        """The application's name, as far as the path has found one."""
        return self.environ.get("lab.application", "no application")
