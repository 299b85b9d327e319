"""A server under check: its names, its addresses over each family, and connections to it."""

import socket
from collections.abc import Iterator
from dataclasses import replace

import pytest

from services.checking import target as module
from services.checking.expectations import CheckFailed, CheckSkipped
from services.checking.target import SOCKET_TIMEOUT_S, Target

TCP, UDP = socket.SOCK_STREAM, socket.SOCK_DGRAM


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as sock:
        yield sock


def port_of(sock: socket.socket) -> int:
    return int(sock.getsockname()[1])


def test_the_first_port_is_the_main_one() -> None:
    assert Target("ftp", "ftp", ("21/tcp", "2000/tcp")).port == 21
    assert Target("ftp", "ftp", ("21/tcp",)).netloc == "ftp:21"
    assert Target("ftp", "fd00::1", ("21/tcp",)).netloc == "[fd00::1]:21"


def test_over_a_family_it_is_at_an_address_and_keeps_its_name() -> None:
    target = Target("echo", "localhost", ("7/tcp",))
    over = target.over(socket.AF_INET)
    assert over == replace(target, host="127.0.0.1", family=socket.AF_INET, name="localhost")
    assert over.over(socket.AF_INET) == over


@pytest.mark.parametrize(("foreign", "raised"), [(False, CheckFailed), (True, CheckSkipped)])
def test_only_a_servers_of_the_lab_must_have_both_families(foreign: bool, raised: type[Exception]) -> None:
    target = Target("echo", "127.0.0.1", ("7/tcp",), foreign=foreign)
    with pytest.raises(raised, match="IPv6 address") as caught:
        target.over(socket.AF_INET6)
    assert "127.0.0.1" in str(caught.value)


def test_a_connection_goes_to_the_main_port_or_to_another(listener: socket.socket) -> None:
    target = Target("echo", "127.0.0.1", (f"{port_of(listener)}/tcp", "1/tcp"))
    with target.connect() as sock:
        assert sock.getpeername()[1] == port_of(listener)
        assert sock.gettimeout() == SOCKET_TIMEOUT_S
    with replace(target, listens=("1/tcp",)).connect(port_of(listener)) as sock:
        assert sock.getpeername()[1] == port_of(listener)
    listener.close()
    with pytest.raises(ConnectionRefusedError):
        target.connect()


def test_a_datagram_socket_talks_to_the_server_alone() -> None:
    with socket.socket(socket.AF_INET, UDP) as server:
        server.bind(("127.0.0.1", 0))
        target = Target("upper", "127.0.0.1", ("1/udp",))
        with target.datagram_socket(port_of(server)) as sock:
            assert sock.gettimeout() == SOCKET_TIMEOUT_S
            sock.send(b"x")
            assert server.recvfrom(10) == (b"x", sock.getsockname())


def addresses(*ports: int) -> object:
    """A resolver that knows a name by several addresses, one behind the other."""
    return lambda *_: [(socket.AF_INET, UDP, 0, "", ("127.0.0.1", port)) for port in ports]


def test_an_address_that_refuses_is_passed_over_for_a_learners_server(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with socket.socket(socket.AF_INET, UDP) as server, socket.socket(socket.AF_INET, UDP) as closed:
        server.bind(("127.0.0.1", 0))
        closed.bind(("127.0.0.1", 0))
        closed_port = port_of(closed)
        closed.close()
        monkeypatch.setattr(socket, "getaddrinfo", addresses(closed_port, port_of(server)))
        with Target("upper", "name", ("1/udp",), foreign=True).datagram_socket() as sock:
            assert sock.getpeername()[1] == port_of(server)
        with Target("upper", "name", ("1/udp",)).datagram_socket() as sock:
            assert sock.getpeername()[1] == closed_port
        monkeypatch.setattr(socket, "getaddrinfo", addresses(closed_port, closed_port))
        asked = r"^no address of name listens \(asked 127.0.0.1, 127.0.0.1\)$"
        with pytest.raises(ConnectionRefusedError, match=asked):
            Target("upper", "name", ("1/udp",), foreign=True).datagram_socket()
        monkeypatch.setattr(socket, "getaddrinfo", addresses(closed_port))
        with Target("upper", "name", ("1/udp",), foreign=True).datagram_socket() as sock:
            assert sock.getpeername()[1] == closed_port  # the only one: the check sees the refusal


def test_a_server_that_answers_refuses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket(socket.AF_INET, UDP) as server:
        server.bind(("127.0.0.1", 0))
        monkeypatch.setattr(socket, "getaddrinfo", addresses(port_of(server), port_of(server)))
        monkeypatch.setattr(module, "REFUSAL_S", 0.01)
        with Target("upper", "name", ("1/udp",), foreign=True).datagram_socket() as sock:
            assert sock.getpeername()[1] == port_of(server)
