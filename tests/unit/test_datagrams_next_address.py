"""Over UDP, too, a server that listens at one address of a name is found."""

import socket
import threading
from collections.abc import Iterator

import pytest

from services.checking.target import Target
from services.client.programs import creosote_send, udp_client

real_getaddrinfo = socket.getaddrinfo


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    """A socket on IPv4 alone, whose host's name leads to IPv6 first."""

    def look_up(host: str, port: int, family: int = 0, type: int = 0) -> list[tuple[object, ...]]:
        addresses = ("::1", "127.0.0.1") if host == "both.test" else (host,)
        return [found for each in addresses for found in real_getaddrinfo(each, port, family, type)]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        sock.settimeout(5)
        yield sock


def answer_once(sock: socket.socket) -> None:
    data, peer = sock.recvfrom(100)
    sock.sendto(data.upper(), peer)


def test_udp_client_asks_the_next_address_and_names_each(
    server: socket.socket, capsys: pytest.CaptureFixture[str]
) -> None:
    answering = threading.Thread(target=answer_once, args=[server])
    answering.start()
    port = server.getsockname()[1]
    answer = udp_client.ask_each_address("both.test", port, b"hello", 1, timeout_s=2.0)
    answering.join()
    assert answer == b"HELLO"
    printed = capsys.readouterr().out
    assert "at ::1" in printed
    assert "at 127.0.0.1" in printed


def test_creosote_send_goes_on_to_the_next_address_with_the_whole_message(server: socket.socket) -> None:
    creosote_send.fire(b"abcdef", host="both.test", port=server.getsockname()[1], size_octets=4)
    assert [server.recv(100), server.recv(100)] == [b"abcd", b"ef"]


def test_checks_pass_over_an_address_that_refuses(server: socket.socket) -> None:
    listens = (f"{server.getsockname()[1]}/udp",)
    with Target("upper-udp", "both.test", listens, foreign=True).datagram_socket() as sock:
        assert sock.getpeername()[0] == "127.0.0.1"


def test_checks_name_the_addresses_that_all_refuse(server: socket.socket) -> None:
    listens = (f"{server.getsockname()[1]}/udp",)
    server.close()
    with pytest.raises(ConnectionRefusedError, match=r"asked ::1, 127\.0\.0\.1"):
        Target("upper-udp", "both.test", listens, foreign=True).datagram_socket()
