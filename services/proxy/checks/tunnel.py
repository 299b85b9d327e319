"""What passes by CONNECT: any octets, both ways (RFC 9110 section 9.3.6)."""

import socket

from services.checking import Target, check, expect_equal, receive_exactly, receive_line, receive_until_eof
from services.proxy.both_ends import origin, tunnel


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
