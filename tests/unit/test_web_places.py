"""When threads or descriptors run out, a web server waits, says so once, and loses no place."""

import errno
import os
import socket
import threading
from http.server import HTTPServer
from typing import Any

import pytest

from services.web import WebHandler, WebServer, limits


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> WebServer:
    monkeypatch.setattr(limits, "SCARCE_S", 0.0)
    server = WebServer(("", 0), WebHandler, bind_and_activate=False)
    server.server_close()
    return server


def test_a_thread_that_does_not_start_is_tried_again_and_costs_no_place(
    server: WebServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    starts: list[str] = []

    def start(self: threading.Thread) -> None:
        starts.append(self.name)
        if len(starts) < 4:
            raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", start)
    client, other = socket.socketpair()
    with client, other:
        server.process_request(client, ("::1", 1, 0, 0))
        assert len(starts) == 4
        starts.clear()
        server.process_request(client, ("::1", 1, 0, 0))  # another time, of which nothing more is said
    free = [server.places.acquire(blocking=False) for _ in range(limits.CLIENTS_AT_ONCE)]
    assert free.count(True) == limits.CLIENTS_AT_ONCE - 2
    assert capsys.readouterr().out.count("can't start new thread") == 1


def test_the_slowest_client_makes_room_for_a_thread(
    server: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow, its_client = socket.socketpair()
    server.unfinished[slow] = None

    def start(self: threading.Thread) -> None:
        if server.unfinished:
            raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", start)
    with slow, its_client:
        server.process_request(slow, ("::1", 1, 0, 0))
        assert slow.recv(1) == b""


@pytest.mark.parametrize(
    ("number", "waits"),
    [
        (errno.EMFILE, 1),
        (errno.ENFILE, 1),
        (errno.ENOMEM, 1),
        (errno.ENOBUFS, 1),
        (errno.ECONNABORTED, 0),
        (errno.EPROTO, 0),
    ],
)
def test_what_has_run_out_is_waited_for_and_a_client_that_left_is_not(
    server: WebServer,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    number: int,
    waits: int,
) -> None:
    def get_request(self: HTTPServer) -> Any:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(HTTPServer, "get_request", get_request)
    for _ in range(3):
        with pytest.raises(OSError, match=os.strerror(number)):
            server.get_request()
    assert capsys.readouterr().out.count("waiting") == waits
