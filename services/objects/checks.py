"""What makes the object transport right: friends get their objects, strangers get nothing at all.

A server of somebody else's is a stranger to us as well: its answers go through our own `loads`.
"""

import datetime
import os
import pickle
import socket
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from decimal import Decimal
from multiprocessing import AuthenticationError
from multiprocessing.connection import answer_challenge, deliver_challenge
from typing import Any

from services.checking import (
    CheckFailed,
    CheckSkipped,
    Target,
    check,
    expect,
    expect_equal,
    receive_until_eof,
)
from services.checking.target import SOCKET_TIMEOUT_S
from services.objects.protocol import AUTHKEY, MAX_MESSAGE_OCTETS, Peer, loads

SILENT_STRANGERS = 20
HUGE_OCTETS = 1024**3
A_WHILE_S = 0.2  # a call-back within one machine takes a millisecond
THINGS = (
    None,
    {"nested": [1, 2.5, ("three", b"4"), {5, 6}]},
    3 + 4j,
    2**100,
    datetime.datetime(2004, 7, 26, 9, 30, tzinfo=datetime.UTC),
    Decimal("0.10"),
    "jalape\u00f1o",
    "x" * 200_000,
)


def frame(message: bytes) -> bytes:
    """Return a message as it goes over the wire: its length in four octets, and itself."""
    return struct.pack("!i", len(message)) + message


@contextmanager
def connected(target: Target) -> Iterator[Peer]:
    """Yield a connection on which nothing has been said yet."""
    sock = target.connect()
    sock.settimeout(None)  # a Connection reads by itself and knows no timeouts; the check's own one bounds it
    with Peer(sock.detach()) as peer:
        yield peer


@contextmanager
def befriended(target: Target) -> Iterator[Peer]:
    """Yield an authenticated connection.

    Raises:
        CheckFailed: the server does not take the right key, or does not know it itself.
    """
    with connected(target) as peer:
        try:
            answer_challenge(peer, AUTHKEY)
            deliver_challenge(peer, AUTHKEY)
        except (AuthenticationError, AssertionError) as error:
            raise CheckFailed("a server that takes the key and knows it", str(error)) from error
        yield peer


def ask(peer: Peer, thing: object) -> object:
    """Send an object and return the one that comes back."""
    peer.send(thing)
    return receive(peer)


def receive(peer: Peer) -> object:
    """Return the next object, built with our own caution.

    Raises:
        CheckFailed: it is none, or asks for more than it may have.
        OSError, EOFError: nothing came.
    """
    if not peer.poll(SOCKET_TIMEOUT_S):
        raise TimeoutError(f"no answer within {SOCKET_TIMEOUT_S:g} s")
    try:
        return loads(peer.recv_bytes(2 * MAX_MESSAGE_OCTETS))
    except pickle.UnpicklingError as error:
        raise CheckFailed("a pickle of plain objects", str(error)) from error


def expect_served(target: Target) -> None:
    """Fail the check unless a friend is served."""
    with befriended(target) as peer:
        expect_equal(ask(peer, "still there?"), ("str", "still there?"))


class CallsBack:
    """An object that, unpickled, connects to an address: the harmless cousin of running a command."""

    def __init__(self, address: tuple[Any, ...]) -> None:
        self.address = address[:2]

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        """Tell pickle to "rebuild" this object by calling a function."""
        return socket.create_connection, (self.address, 1)


@contextmanager
def trap(target: Target) -> Iterator[bytes]:
    """Yield a pickle that calls back when it is unpickled; fail the check if it was."""
    with target.connect() as sock:
        family, here = sock.family, sock.getsockname()[0]
    with socket.create_server((here, 0), family=family) as listener:
        yield pickle.dumps(CallsBack(listener.getsockname()))
        listener.settimeout(A_WHILE_S)
        with suppress(TimeoutError):
            _, caller = listener.accept()
            hint = "authenticate first; until then compare octets and unpickle none"
            expect(False, expected="octets that stay octets", got=f"a call from {caller}", hint=hint)


def expect_the_end(sock: socket.socket, hint: str) -> None:
    """Fail the check unless the server hangs up, whatever it may say before."""
    try:
        receive_until_eof(sock)
    except ConnectionResetError:
        return  # hanging up with octets unread is one way to end
    except TimeoutError:
        raise CheckFailed("the end", "a connection still open", hint) from None


@check()
def answers_an_object_with_its_type_and_itself(target: Target) -> None:
    """After both sides have proved to know the key, an object is answered by its type's name and itself."""
    with befriended(target) as peer:
        expect_equal(ask(peer, [1, "two", 3.0]), ("list", [1, "two", 3.0]))


@check(needs="answers_an_object_with_its_type_and_itself")
def objects_keep_their_types(target: Target) -> None:
    """Tuples, sets, dates, decimals and 200000 letters arrive as they were, on one connection."""
    with befriended(target) as peer:
        for thing in THINGS:
            expect_equal(ask(peer, thing), (type(thing).__name__, thing))


@check(needs="answers_an_object_with_its_type_and_itself")
def objects_keep_their_ties(target: Target) -> None:
    """A list that is in an object twice comes back as one list in two places."""
    shared = ["one of us"]
    with befriended(target) as peer:
        answer = ask(peer, [shared, shared])
    expect_equal(answer, ("list", [shared, shared]))
    assert isinstance(answer, tuple)
    first, second = answer[1]
    expect(first is second, expected="the same list twice", got="two lists that are equal")


@check(needs="answers_an_object_with_its_type_and_itself")
def refuses_a_wrong_key(target: Target) -> None:
    """A peer with another key is told so and hung up on."""
    with connected(target) as peer:
        try:
            answer_challenge(peer, b"not the key")
        except AuthenticationError:
            hint = "after a wrong answer nothing else may follow"
            expect(peer.poll(SOCKET_TIMEOUT_S), expected="the end", got="a connection still open", hint=hint)
            with suppress(EOFError, ConnectionResetError):
                expect(False, expected="the end", got=peer.recv_bytes(MAX_MESSAGE_OCTETS), hint=hint)
            return
    raise CheckFailed("a refusal", "a welcome", "deliver_challenge raises AuthenticationError: let it")


@check(needs="answers_an_object_with_its_type_and_itself")
def never_unpickles_a_strangers_octets(target: Target) -> None:
    """What an unauthenticated peer sends is never unpickled, whenever and however it is sent."""
    with trap(target) as octets:
        answer = frame(b"{sha256}" + bytes(32))
        for attempt in (frame(octets), octets, answer + frame(octets), answer + frame(octets) * 3):
            with target.connect() as sock:
                sock.sendall(attempt)
                sock.shutdown(socket.SHUT_WR)
                with suppress(ConnectionResetError):
                    receive_until_eof(sock)
    expect_served(target)


@check(needs="answers_an_object_with_its_type_and_itself")
def imports_nothing_for_a_friend_either(target: Target) -> None:
    """An object that asks for a function outside the list is not built, whoever sends it."""
    if target.foreign:
        raise CheckSkipped("a server of your own may trust its friends with any class")
    with trap(target) as octets, befriended(target) as peer:
        peer.send_bytes(octets)
        peer.poll(SOCKET_TIMEOUT_S)
    expect_served(target)


@check(needs="answers_an_object_with_its_type_and_itself")
def refuses_a_huge_message_by_its_length(target: Target) -> None:
    """Whoever announces a message of a gigabyte is hung up on at once, stranger or friend."""
    hint = "look at the length before you read: recv_bytes takes a maximum"
    announced = struct.pack("!i", HUGE_OCTETS)
    with target.connect() as sock:
        sock.sendall(announced)
        expect_the_end(sock, hint)
    with befriended(target) as peer, socket.socket(fileno=os.dup(peer.fileno())) as sock:
        sock.settimeout(SOCKET_TIMEOUT_S)
        sock.sendall(announced)
        expect_the_end(sock, hint)
    expect_served(target)


@check(needs="answers_an_object_with_its_type_and_itself")
def silent_peers_delay_nobody(target: Target) -> None:
    """Twenty strangers who say nothing, and a friend who says nothing more, hold up nobody."""
    strangers = [target.connect() for _ in range(SILENT_STRANGERS)]
    try:
        with befriended(target):
            expect_served(target)
    finally:
        for sock in strangers:
            sock.close()


@check(needs="answers_an_object_with_its_type_and_itself")
def survives_strangers(target: Target) -> None:
    """Web browsers, resets, halves of messages and noise harm nobody else."""
    noises = (
        b"",
        b"GET / HTTP/1.0\r\n\r\n",
        b"\0",
        frame(b""),
        b"\xff" * 12,
        frame(b"#WELCOME#"),
        bytes(3000),
    )
    for noise in noises:
        with target.connect() as sock, suppress(OSError):
            sock.sendall(noise)
            sock.shutdown(socket.SHUT_WR)
            receive_until_eof(sock)
        rude = target.connect()
        with suppress(OSError):
            rude.sendall(noise)
        rude.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        rude.close()  # with linger 0 this sends RST (RFC 9293 section 3.10.4)
    expect_served(target)


@check(needs="answers_an_object_with_its_type_and_itself")
def answers_over_ipv4_and_ipv6(target: Target) -> None:
    """The server answers over IPv4 and over IPv6."""
    for family in (socket.AF_INET, socket.AF_INET6):
        expect_served(target.over(family))
