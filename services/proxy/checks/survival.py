"""How the proxy bears its peers: silent servers, bad requests, crowds and resets, over either family."""

import contextlib
import socket
import struct

from services.checking import Target, check, expect, expect_equal, receive_until_eof
from services.checking.web import ask, ask_raw, expect_status, raw_status
from services.proxy.both_ends import CLOSED_PORT, bracketed, origin, our_address, tunnel

SLOW_CLIENTS = 20
TUNNELS = 40


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
