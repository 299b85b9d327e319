"""What passes by GET and its like: messages handed on both ways (RFC 9110 section 7.6), whole and at once."""

import contextlib
import random
import socket
from http.client import IncompleteRead

from services.checking import CheckFailed, Target, check, expect, expect_equal
from services.checking.web import ask, ask_raw, expect_status, raw_status
from services.proxy.both_ends import CLOSED_PORT, origin


@check()
def gets_a_page_of_a_lab_host(target: Target) -> None:
    """Asked for a whole URL, the proxy gets the page from its server and hands it back."""
    with origin(target) as server:
        answer = ask(target, f"http://{server.netloc}/page")
    expect_status(answer, 200)
    expect_equal(answer.content, b"hello")


@check(needs="gets_a_page_of_a_lab_host")
def asks_for_the_path_alone(target: Target) -> None:
    """The server is asked for path and query, in origin-form: it need not know of the proxy."""
    with origin(target) as server:
        for url, path in (
            (f"http://{server.netloc}/a/b%20c?d=e&f", "/a/b%20c?d=e&f"),
            (f"http://{server.netloc}", "/"),
        ):
            ask_raw(target, f"GET {url} HTTP/1.0\r\n\r\n".encode())
            expect_equal(server.requests[-1].line.rpartition(" ")[0], f"GET {path}")


@check(needs="gets_a_page_of_a_lab_host")
def host_header_is_the_urls(target: Target) -> None:
    """The Host header is made from the URL, whatever the client's own says: they must not contradict."""
    with origin(target) as server:
        ask_raw(
            target,
            f"GET http://{server.netloc}/ HTTP/1.1\r\nHost: other\r\nConnection: close\r\n\r\n".encode(),
        )
        hosts = server.requests[0].headers.get_all("Host")
    expect_equal(hosts, [server.netloc], hint="RFC 9112 section 3.2.2")


@check(needs="gets_a_page_of_a_lab_host")
def hands_on_a_requests_headers(target: Target) -> None:
    """A request's own headers go on; those about the connection end here, and so do those that it names."""
    kept = {"X-Own": "one, two", "Accept": "text/*", "Cookie": "a=b"}
    ended = {
        "Proxy-Connection": "keep-alive",
        "Keep-Alive": "300",
        "TE": "trailers",
        "Upgrade": "h2c",
        "X-Hop": "1",
    }
    with origin(target) as server:
        ask(target, f"http://{server.netloc}/", headers={**kept, **ended, "Connection": "X-Hop, TE, Upgrade"})
        headers = server.requests[0].headers
    expect_equal({name: headers[name] for name in kept}, kept)
    left = [name for name in ended if name in headers]
    expect_equal(left, [], hint="hop-by-hop headers: RFC 9110 section 7.6.1")
    options = headers.get("Connection", "")
    expect("x-hop" not in options.lower(), expected="a Connection header of the proxy's own", got=options)


@check(needs="gets_a_page_of_a_lab_host")
def hands_back_an_answers_headers(target: Target) -> None:
    """So it is with an answer's headers: its own come back, those about the connection do not."""
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Own: one\r\nX-Own: two\r\nConnection: X-Hop, close\r\n"
    with origin(target, head + b"X-Hop: 1\r\nKeep-Alive: timeout=5\r\n\r\nok") as server:
        answer = ask(target, f"http://{server.netloc}/")
    expect_equal(answer.content, b"ok")
    expect_equal(answer.headers.get_all("X-Own"), ["one", "two"])
    left = [name for name in ("X-Hop", "Keep-Alive") if name in answer.headers]
    expect_equal(left, [], hint="hop-by-hop headers: RFC 9110 section 7.6.1")


@check(needs="gets_a_page_of_a_lab_host")
def says_via_both_ways(target: Target) -> None:
    """The proxy puts itself into Via, in the request and in the answer, behind who is there already."""
    with origin(target) as server:
        answer = ask(target, f"http://{server.netloc}/", headers={"Via": "1.0 earlier"})
        there = ", ".join(server.requests[0].headers.get_all("Via", []))
    back = ", ".join(answer.headers.get_all("Via", []))
    expect(there.startswith("1.0 earlier, 1.1 "), expected="Via: 1.0 earlier, 1.1 (a name)", got=there)
    expect(back.startswith("1.1 "), expected="Via: 1.1 (a name)", got=back, hint="RFC 9110 section 7.6.3")


@check(needs="gets_a_page_of_a_lab_host")
def hands_on_a_body(target: Target) -> None:
    """The body of a POST or PUT arrives octet for octet, with its length."""
    body = bytes(range(256)) * 40
    with origin(target) as server:
        for method in ("POST", "PUT"):
            ask(target, f"http://{server.netloc}/", method=method, body=body)
    expect_equal([request.line.split()[0] for request in server.requests], ["POST", "PUT"])
    expect(all(request.body == body for request in server.requests), expected="the same octets", got="others")


@check(needs="gets_a_page_of_a_lab_host")
def head_gets_headers_only(target: Target) -> None:
    """HEAD goes on as HEAD; its answer has the server's Content-Length, and no content."""
    with origin(target, b"HTTP/1.1 200 OK\r\nContent-Length: 1234\r\n\r\n") as server:
        request = f"HEAD http://{server.netloc}/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        head, _, content = ask_raw(target, request.encode()).partition(b"\r\n\r\n")
        expect_equal(server.requests[0].line.split()[0], "HEAD")
    expect_equal((raw_status(head), content), (200, b""))
    expect(b"content-length: 1234" in head.lower(), expected="Content-Length: 1234", got=head)


@check(needs="gets_a_page_of_a_lab_host")
def redirect_and_error_come_back(target: Target) -> None:
    """Redirects and errors come back as they are: to follow is for the client, and to be asked for anew."""
    elsewhere = f"http://127.0.0.1:{CLOSED_PORT}/"
    for status in (302, 404, 500):
        head = f"HTTP/1.1 {status} Because\r\nLocation: {elsewhere}\r\nContent-Length: 4\r\n\r\n"
        with origin(target, head.encode() + b"page") as server:
            answer = ask(target, f"http://{server.netloc}/")
        expect_equal(
            (answer.status, answer.content), (status, b"page"), hint="do not follow it, do not raise"
        )
        expect_equal(answer.headers["Location"], elsewhere)


@check(needs="gets_a_page_of_a_lab_host", timeout_s=30)
def large_answer_comes_whole(target: Target) -> None:
    """An answer of 8 MiB comes back octet for octet."""
    content = random.Random(3128).randbytes(8 * 1024 * 1024)
    head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(content)}\r\n\r\n".encode()
    with origin(target, head + content) as server:
        answer = ask(target, f"http://{server.netloc}/")
    expect(answer.content == content, expected="the same octets", got=f"{len(answer.content)} octets, others")


@check(needs="gets_a_page_of_a_lab_host")
def length_may_be_unknown(target: Target) -> None:
    """An answer in chunks, or one that ends with its connection, is whole too, for old clients and new."""
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n"
    for answer in (chunked, b"HTTP/1.0 200 OK\r\n\r\nhello"):
        with origin(target, answer) as server:
            expect_equal(ask(target, f"http://{server.netloc}/").content, b"hello")
            old = ask_raw(target, f"GET http://{server.netloc}/ HTTP/1.0\r\n\r\n".encode())
            expect_equal(old.partition(b"\r\n\r\n")[2], b"hello", hint="HTTP/1.0 knows no chunks")


@check(needs="gets_a_page_of_a_lab_host")
def answer_cut_short_is_not_whole(target: Target) -> None:
    """When a server breaks off, the client can tell: no shorter length is made up, no last chunk added."""
    known = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nonly this"
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nonly this\r\n"
    for answer in (known, chunked):
        with origin(target, answer) as server:
            try:
                whole = ask(target, f"http://{server.netloc}/")
            except (IncompleteRead, ConnectionResetError):
                continue
            if whole.status != 502:  # who holds an answer back until it is whole can say so
                raise CheckFailed("an answer that breaks off", f"{whole.status}, complete: {whole.content!r}")


@check(needs="gets_a_page_of_a_lab_host")
def piece_comes_as_soon_as_it_is_there(target: Target) -> None:
    """What a server has said comes back at once, not only when it has said all."""
    heard = b""

    def slow(sock: socket.socket) -> None:
        sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfirst")
        sock.recv(65536)
        sock.recv(1)  # until the client, and so the proxy, has gone

    with origin(target, serve=slow) as server, target.connect() as sock:
        sock.settimeout(3)
        sock.sendall(f"GET http://{server.netloc}/ HTTP/1.0\r\n\r\n".encode())
        with contextlib.suppress(TimeoutError):
            while not heard.endswith(b"first") and (piece := sock.recv(4096)):
                heard += piece
    expect(heard.endswith(b"first"), expected="the first half while the second is awaited", got=heard)
