"""What makes a proxy for one lab right: what it hands on (RFC 9110 section 7.6), and where it leads not."""

import contextlib
import random
import socket
import struct
from http.client import IncompleteRead

from services.checking import (
    CheckFailed,
    Target,
    check,
    expect,
    expect_equal,
    receive_exactly,
    receive_line,
    receive_until_eof,
)
from services.checking.web import ask, ask_raw, expect_status, raw_status
from services.proxy.both_ends import bracketed, origin, our_address, our_networks, tunnel

SLOW_CLIENTS = 20
TUNNELS = 40
CLOSED_PORT = 9  # nobody listens there: who gets as far as that is told so by another status than 403
ITSELF = (
    "localhost",
    "127.0.0.1",
    "127.1",
    "2130706433",
    "0x7f000001",
    "0177.0.0.1",
    "[::1]",
    "[0:0:0:0:0:0:0:1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "0.0.0.0",
    "0",
    "[::]",
)
# A check ends with the first that gets through. So those stand first to which the kernel itself connects
# nowhere, and no packet leaves; the rest are for documentation (RFC 5737, RFC 3849). An address that could be
# somebody's, as 10.0.0.1 or 192.168.0.1, is not among them: a wrong proxy would knock at their door.
OUTSIDE = (
    "255.255.255.255",
    "4294967295",
    "224.0.0.1",
    "[ff02::1]",
    "[fe80::1]",
    "203.0.113.1",
    "3405803777",
    "0xcb.0.113.1",
    "[::ffff:203.0.113.1]",
    "198.51.100.1",
    "[2001:db8::1]",
)


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


@check()
def connect_lays_a_tunnel(target: Target) -> None:
    """CONNECT lays a tunnel: any octets go both ways, and either side may speak first."""

    def greet_and_echo(sock: socket.socket) -> None:
        sock.sendall(b"220 ready\r\n")
        while piece := sock.recv(65536):
            sock.sendall(piece)

    message = bytes(range(256)) * 100
    with origin(target, serve=greet_and_echo) as server:
        status, sock = tunnel(target, server.netloc)
        with sock:
            expect_equal(status, 200)
            expect_equal(receive_line(sock), b"220 ready\r\n")
            sock.sendall(message)
            expect_equal(receive_exactly(sock, len(message)), message)


@check(needs="connect_lays_a_tunnel")
def tunnel_keeps_what_came_early(target: Target) -> None:
    """What a client sends behind its CONNECT, in the same breath, is not lost."""

    def upper(sock: socket.socket) -> None:
        sock.sendall(receive_line(sock).upper())

    with origin(target, serve=upper) as server:
        status, sock = tunnel(target, server.netloc, early=b"early\n")
        with sock:
            expect_equal(status, 200)
            expect_equal(receive_line(sock), b"EARLY\n", hint="it may be in your own read buffer")


@check(needs="connect_lays_a_tunnel")
def tunnel_half_closes(target: Target) -> None:
    """In a tunnel the end of one direction leaves the other one open."""

    def count(sock: socket.socket) -> None:
        sock.sendall(b"%d octets" % len(receive_until_eof(sock)))

    with origin(target, serve=count) as server:
        _, sock = tunnel(target, server.netloc)
        with sock:
            sock.sendall(b"x" * 100_000)
            sock.shutdown(socket.SHUT_WR)
            expect_equal(receive_until_eof(sock), b"100000 octets")


@check(needs="gets_a_page_of_a_lab_host")
def does_not_lead_back_to_itself(target: Target) -> None:
    """No spelling of its own loopback address, nor its own name and address, leads back into the proxy."""
    with target.connect() as sock:
        its_own = bracketed(sock.getpeername()[0])
    expect_refused(target, *ITSELF, its_own)


@check(needs="gets_a_page_of_a_lab_host")
def does_not_lead_outside(target: Target) -> None:
    """No address outside the lab is connected to: 403, by GET and by CONNECT, in either family."""
    expect_refused(target, *OUTSIDE)


@check(needs="gets_a_page_of_a_lab_host")
def does_not_lead_to_the_host(target: Target) -> None:
    """The host of the lab is no lab host: the first address of each network, and the network's own."""
    for network in our_networks():
        gateway, itself = str(network[1]), str(network[0])
        mapped = [f"[::ffff:{gateway}]", str(int(network[1]))] if network.version == 4 else []
        expect_refused(target, bracketed(gateway), bracketed(itself), *mapped)


@check(needs="gets_a_page_of_a_lab_host")
def nobody_there_is_502(target: Target) -> None:
    """A host that takes no connection, and a name that nobody has, are 502 or 504, and soon."""
    nobody = f"{bracketed(our_address(target))}:{CLOSED_PORT}"
    expect_status(ask(target, f"http://{nobody}/"), 502, 504)
    expect_status(ask(target, "http://no-such-host/"), 502, 504)
    status, sock = tunnel(target, nobody)
    sock.close()
    expect(status in (502, 504), expected="status 502 or 504", got=status)


@check(needs="gets_a_page_of_a_lab_host")
def nonsense_from_a_server_is_502(target: Target) -> None:
    """A server that says something else than HTTP, or nothing, is 502."""
    for answer in (
        b"220 mail.lab.test\r\n",
        b"",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nno colon\r\n\r\nhello",
    ):
        with origin(target, answer) as server:
            expect_status(ask(target, f"http://{server.netloc}/"), 502)


@check(needs="gets_a_page_of_a_lab_host")
def other_targets_are_400(target: Target) -> None:
    """Whatever is no http URL, or no HOST:PORT for CONNECT, is refused with 400."""
    with origin(target) as server:
        for line in (
            "GET /page",
            "GET page",
            f"GET ftp://{server.netloc}/",
            "GET http:///page",
            "GET http://a:99999/",
            f"GET http://name@{server.netloc}/",
            "CONNECT somewhere",
            f"CONNECT http://{server.netloc}/",
        ):
            answer = ask_raw(
                target, f"{line} HTTP/1.1\r\nHost: {server.netloc}\r\nConnection: close\r\n\r\n".encode()
            )
            expect_equal((line, raw_status(answer)), (line, 400))


@check(needs="gets_a_page_of_a_lab_host")
def endless_headers_are_refused(target: Target) -> None:
    """80 KiB of headers are refused with 431 or 400."""
    with origin(target) as server:
        line = b"X-Filler: " + b"x" * 1000 + b"\r\n"
        head = f"GET http://{server.netloc}/ HTTP/1.0\r\n".encode()
        status = raw_status(ask_raw(target, head + line * 80 + b"\r\n"))
    expect(status in (400, 413, 414, 431), expected="status 431 or 400", got=status)


@check(needs="connect_lays_a_tunnel")
def waiting_clients_delay_nobody(target: Target) -> None:
    """Forty tunnels and twenty clients in the middle of their requests keep no other one waiting."""

    def say_nothing(sock: socket.socket) -> None:
        receive_until_eof(sock)

    with contextlib.ExitStack() as stack, origin(target, serve=say_nothing) as silent:
        for _ in range(TUNNELS):
            stack.enter_context(tunnel(target, silent.netloc)[1])
        for _ in range(SLOW_CLIENTS):
            stack.enter_context(target.connect()).sendall(b"GET htt")
        with origin(target) as server:
            expect_equal(ask(target, f"http://{server.netloc}/").content, b"hello")


@check(needs="gets_a_page_of_a_lab_host")
def survives_a_reset(target: Target) -> None:
    """A client that resets its connection in the middle harms nobody else."""
    with origin(target) as server:
        request = f"GET http://{server.netloc}/ HTTP/1.1\r\nHost: x\r\n\r\n".encode()
        for octets in (b"", b"GET htt", request * 20):
            rude = target.connect()
            rude.sendall(octets)
            rude.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            rude.close()  # with linger 0 this sends RST (RFC 9293 section 3.10.4)
        expect_equal(ask(target, f"http://{server.netloc}/").content, b"hello")


@check(needs="gets_a_page_of_a_lab_host")
def answers_over_ipv4_and_ipv6(target: Target) -> None:
    """The proxy answers over IPv4 and over IPv6, and leads to servers of either."""
    for family in (socket.AF_INET, socket.AF_INET6):
        for other in (socket.AF_INET, socket.AF_INET6):
            with origin(target.over(other)) as server:
                expect_equal(ask(target.over(family), f"http://{server.netloc}/").content, b"hello")


def expect_refused(target: Target, *hosts: str) -> None:
    """Raise CheckFailed unless each host is 403 for GET and for CONNECT (or 400: not understood at all)."""
    for host in hosts:
        answer = ask_raw(
            target,
            f"GET http://{host}:{CLOSED_PORT}/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode(),
        )
        got = raw_status(answer)
        expect(
            got in (403, 400),
            expected=f"status 403 for http://{host}/",
            got=got,
            hint="look at the address, not at the name",
        )
        got, sock = tunnel(target, f"{host}:{CLOSED_PORT}")
        sock.close()
        expect(
            got in (403, 400),
            expected=f"status 403 for CONNECT {host}",
            got=got,
            hint="CONNECT passes the same border",
        )
