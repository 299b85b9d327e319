r"""A web server by hand: a socket, a request read as text, and one page.

Spec:    RFC 9112 (HTTP/1.1): sections 2.1, 3 and 5 for the request, 4 for the status line
Model:   threading, by the server of `by-hand-threads`
Try:     printf 'GET / HTTP/1.1\r\nHost: one-page\r\n\r\n' | nc -N one-page 15000
Observe: the same with a browser or curl; then with `telnet one-page 15000`, typed by hand
Limits:  one page whatever the path, GET and HEAD alone, of the header fields only Host, one request each

A request may come in any pieces, so the server reads until the blank line that ends the header, but
no more than `HEAD_OCTETS` and no longer than `REQUEST_S` in all: a limit for each `recv` would let a
client send one octet now and one then for ever.
"""

import re
import socket
import time
from email.utils import formatdate
from http import HTTPStatus

from services.by_hand_threads.server import ThreadedServer
from services.journal import log
from services.upper_tcp.server import hang_up

PORT = 15000
BACKLOG = 128
HEAD_OCTETS = 16 * 1024  # browsers send 1-2 KiB
REQUEST_S = 30.0  # for the whole request: time enough to type one
SEND_S = 10.0  # for a client to take the page

PAGE = """\
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>One page</title>
<h1>Hello World</h1>
<p>A status line, header fields, a blank line, and this page: a web server, <em>voilà</em>.</p>
</html>
"""

END_OF_HEAD = re.compile(rb"\r?\n\r?\n")  # a line feed alone is taken for a line end (section 2.2)
REQUEST_LINE = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+) ([!-~]+) HTTP/([0-9])\.([0-9])\r?\n")
# A name, which is a token, its colon right behind it, and a value without control characters (section 5).
FIELD_LINE = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[\t -~\x80-\xff]*\r?\n")


def read_head(sock: socket.socket) -> bytes:
    """Return what the client sends, up to the blank line; less if it ends before.

    Raises:
        TimeoutError: the blank line did not come within REQUEST_S.
        OSError: the client has reset the connection.
    """
    head = b""
    deadline = time.monotonic() + REQUEST_S
    while len(head) < HEAD_OCTETS and not END_OF_HEAD.search(head):
        sock.settimeout(max(deadline - time.monotonic(), 0.001))
        piece = sock.recv(HEAD_OCTETS - len(head))
        if not piece:
            break
        head += piece
    return head


def field_names(rest: bytes) -> list[bytes]:
    """Return the names of the field lines, in lower case; an empty one for a line that is none."""
    names = []
    for line in rest.splitlines(keepends=True):
        if line in (b"\r\n", b"\n"):
            break
        field_line = FIELD_LINE.fullmatch(line)
        names.append(field_line[1].lower() if field_line else b"")
    return names


def judge(head: bytes) -> tuple[HTTPStatus, bool]:
    """Return the status that a request deserves, and whether content goes with it."""
    request_line = REQUEST_LINE.match(head)
    if not END_OF_HEAD.search(head) and len(head) >= HEAD_OCTETS:
        return HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, True
    if not request_line or not END_OF_HEAD.search(head):
        return HTTPStatus.BAD_REQUEST, True
    if request_line[3] != b"1":
        return HTTPStatus.HTTP_VERSION_NOT_SUPPORTED, True
    names = field_names(head[request_line.end() :])
    hosts = names.count(b"host")
    if b"" in names or hosts > 1 or (not hosts and request_line[4] != b"0"):
        return HTTPStatus.BAD_REQUEST, True
    if request_line[1] not in (b"GET", b"HEAD"):
        return HTTPStatus.NOT_IMPLEMENTED, True
    return HTTPStatus.OK, request_line[1] == b"GET"


def render_response(status: HTTPStatus, with_content: bool) -> bytes:
    """Return the whole response: status line, header fields, blank line, content."""
    page = PAGE if status == HTTPStatus.OK else f"<!doctype html>\n<h1>{status} {status.phrase}</h1>\n"
    content = page.encode()
    lines = [
        f"HTTP/1.1 {status} {status.phrase}",
        f"Date: {formatdate(usegmt=True)}",
        "Content-Type: text/html; charset=utf-8",
        f"Content-Length: {len(content)}",  # octets, not characters: the à in the page is two
        "Connection: close",
        "",
        "",
    ]
    return "\r\n".join(lines).encode() + (content if with_content else b"")


def serve(sock: socket.socket, peer: tuple[str, int]) -> None:
    """Answer the one request of a client; one that says nothing at all gets no answer."""
    with sock:
        try:
            outcome = answer(sock)
        except OSError as error:
            outcome = f"gave up: {error.strerror or error}"
    log(peer, outcome)


def answer(sock: socket.socket) -> str:
    """Read a request, answer it, and return what came of it, for the log.

    Raises:
        OSError: the client has reset the connection, or does not take the answer.
    """
    try:
        head = read_head(sock)
        status, with_content = judge(head)
    except TimeoutError:
        head, status, with_content = b"(unfinished)", HTTPStatus.REQUEST_TIMEOUT, True
    if not head:
        return "said nothing"
    sock.settimeout(SEND_S)
    sock.sendall(render_response(status, with_content))
    hang_up(sock)
    return f"{head.splitlines()[0][:100]!r} {status:d}"


def main() -> None:
    """Serve until SIGTERM, which ends a Python program unless it asks otherwise."""
    listener = socket.create_server(("", PORT), family=socket.AF_INET6, dualstack_ipv6=True, backlog=BACKLOG)
    ThreadedServer(listener, serve).serve_forever()


if __name__ == "__main__":
    main()
