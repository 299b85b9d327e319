"""Octets from a stream socket, whatever the pieces in which they come."""

import socket
from collections.abc import Iterator

import pytest

from services.checking.streams import receive_exactly, receive_line, receive_until_eof

Pair = tuple[socket.socket, socket.socket]


@pytest.fixture
def pair() -> Iterator[Pair]:
    here, there = socket.socketpair()
    with here, there:
        here.settimeout(5)
        yield here, there


def test_exactly_so_many_octets_are_taken_and_the_rest_stays(pair: Pair) -> None:
    here, there = pair
    there.sendall(b"abcdef")
    assert receive_exactly(here, 4) == b"abcd"
    assert receive_exactly(here, 0) == b""
    assert here.recv(10) == b"ef"


def test_many_octets_come_in_pieces(pair: Pair) -> None:
    here, there = pair
    there.sendall(whole := bytes(range(256)) * 300)
    assert receive_exactly(here, len(whole)) == whole


def test_too_few_octets_are_an_end_too_early(pair: Pair) -> None:
    here, there = pair
    there.sendall(b"abc")
    there.close()
    with pytest.raises(EOFError, match=r"^the peer closed after 3 of 5 octets$"):
        receive_exactly(here, 5)


def test_all_until_the_end_is_taken_up_to_the_limit(pair: Pair) -> None:
    here, there = pair
    there.sendall(b"abc")
    there.shutdown(socket.SHUT_WR)
    assert receive_until_eof(here, limit_octets=3) == b"abc"


def test_all_until_the_end_comes_in_pieces_and_is_bounded_as_a_whole() -> None:
    whole = bytes(range(256)) * 1000
    with Pieces(whole) as pieces:
        assert receive_until_eof(pieces) == whole
    with Pieces(whole) as pieces, pytest.raises(EOFError, match=f"more than {len(whole) - 1} octets"):
        receive_until_eof(pieces, limit_octets=len(whole) - 1)


class Pieces(socket.socket):
    """A peer whose octets come 1,000 at a time."""

    def __init__(self, whole: bytes) -> None:
        super().__init__()
        self._rest = whole

    def recv(self, size: int, flags: int = 0) -> bytes:
        piece, self._rest = self._rest[:1000], self._rest[1000:]
        return piece


def test_more_than_the_limit_is_refused(pair: Pair) -> None:
    here, there = pair
    there.sendall(b"abcd")
    with pytest.raises(EOFError, match=r"^the peer sent more than 3 octets$"):
        receive_until_eof(here, limit_octets=3)


def test_a_line_is_taken_with_its_end_and_nothing_behind_it(pair: Pair) -> None:
    here, there = pair
    there.sendall(b"one\r\ntwo\nrest")
    assert receive_line(here) == b"one\r\n"
    assert receive_line(here, limit_octets=4) == b"two\n"
    assert here.recv(10) == b"rest"


def test_a_line_without_an_end_is_refused(pair: Pair) -> None:
    here, there = pair
    there.sendall(b"abcd")
    with pytest.raises(EOFError, match=r"^the peer sent more than 3 octets without a line feed$"):
        receive_line(here, limit_octets=3)
    there.sendall(b"ef")
    there.close()
    with pytest.raises(EOFError, match=r"^the peer closed in the middle of a line, after b'ef'$"):
        receive_line(here)
