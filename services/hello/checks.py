"""What makes a greeter right."""

import contextlib
import re
import socket

from services.checking import Target, check, expect, expect_equal, receive_line, receive_until_eof
from services.upper_tcp.checks import reset

IDLE_CLIENTS = 50
RUDE_CLIENTS = 50


def expect_named(greeting: bytes, sock: socket.socket) -> None:
    """Raise CheckFailed unless the greeting has this end's own address in it."""
    address = sock.getsockname()[0]
    # Not a part of another address: neither 10.0.0.1 of 10.0.0.17, nor ::ffff:10.0.0.1.
    whole = rf"(?<![0-9a-f.])(?<!ffff:){re.escape(address)}(?![0-9a-f])"
    expect(
        re.search(whole, greeting.decode(errors="replace")),
        expected=f"the address {address}",
        got=repr(greeting),
        hint="accept returns the address; ::ffff:1.2.3.4 is the IPv4 address 1.2.3.4",
    )


@check()
def greets_without_being_asked(target: Target) -> None:
    """A client that says nothing is greeted with a line that says hello."""
    with target.connect() as sock:
        greeting = receive_line(sock)
    expect(b"hello" in greeting.lower(), expected="a line with Hello in it", got=repr(greeting))


@check(needs="greets_without_being_asked")
def names_the_clients_address(target: Target) -> None:
    """The greeting names the address that the client comes from."""
    with target.connect() as sock:
        expect_named(receive_line(sock), sock)


@check(needs="greets_without_being_asked")
def hangs_up_after_the_greeting(target: Target) -> None:
    """After the one line of its greeting the client gets end of file."""
    with target.connect() as sock:
        receive_line(sock)
        expect_equal(receive_until_eof(sock), b"", hint="close, or shut down your writing side")


@check(needs="greets_without_being_asked")
def greets_a_client_that_speaks_first(target: Target) -> None:
    """A client that sends something before it reads is greeted as well."""
    with target.connect() as sock:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            sock.sendall(b"Good morning!\n" * 1000)
        expect(b"hello" in receive_line(sock).lower(), expected="a line with Hello in it", got="another line")


@check(needs="greets_without_being_asked")
def idle_clients_delay_nobody(target: Target) -> None:
    """Fifty clients that neither read nor leave hold up nobody."""
    idle = [target.connect() for _ in range(IDLE_CLIENTS)]
    try:
        with target.connect() as sock:
            expect_named(receive_line(sock), sock)
    finally:
        for sock in idle:
            sock.close()


@check(needs="greets_without_being_asked")
def survives_a_reset(target: Target) -> None:
    """Clients that reset their connections before they are greeted harm nobody else."""
    for _ in range(RUDE_CLIENTS):
        reset(target.connect())
    with target.connect() as sock:
        expect_named(receive_line(sock), sock)


@check(needs="greets_without_being_asked")
def answers_over_ipv4_and_ipv6(target: Target) -> None:
    """The server greets over IPv4 and over IPv6, each client by the address it uses."""
    for family in (socket.AF_INET, socket.AF_INET6):
        with target.over(family).connect() as sock:
            expect_named(receive_line(sock), sock)
