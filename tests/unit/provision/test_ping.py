"""Asking whether an Engine answers, with something else than an Engine at the other end."""

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from labctl.errors import EngineUnavailableError
from labctl.features.provision.engine_start import ensure_engine
from labctl.features.provision.lock import only_one
from labctl.features.provision.paths import EnginePaths
from labctl.features.provision.ping import Ping, ping


@contextmanager
def listener_at(path: Path, reply: bytes | None) -> Iterator[None]:
    """Listen at a socket and give each caller the same reply; None: take it and say nothing."""
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(1024)
                if reply is None:
                    connection.recv(1)  # until the caller has given up
                else:
                    connection.sendall(reply)

        thread = threading.Thread(target=serve)
        thread.start()
        yield
        thread.join()


def test_an_engine_answers(tmp_path: Path) -> None:
    with listener_at(tmp_path / "s", b"HTTP/1.0 200 OK\r\n\r\nOK"):
        assert ping(f"unix://{tmp_path}/s") is Ping.RESPONDS


@pytest.mark.parametrize("reply", [None, b"", b"HTTP/1.0 503 Busy\r\n\r\n", b"220 mail\r\n", b"\x00" * 100])
def test_whoever_says_nothing_of_use_is_no_engine(tmp_path: Path, reply: bytes | None) -> None:
    with listener_at(tmp_path / "s", reply):
        assert ping(f"unix://{tmp_path}/s", timeout_s=0.1) is Ping.UNRESPONSIVE


def test_nobody_listens_at_a_dead_socket_a_missing_one_or_a_folder(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(tmp_path / "dead"))
    for name in ("dead", "missing", ""):
        assert ping(f"unix://{tmp_path}/{name}") is Ping.NOT_LISTENING


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:nonsense", "tcp://", "unix://", f"unix:///{'x' * 200}"])
def test_an_address_that_is_none_is_told_not_crashed_on(address: str) -> None:
    assert ping(address) is Ping.NOT_LISTENING


@pytest.mark.skipif(os.geteuid() == 0, reason="root may ask everybody")
def test_a_socket_of_others_may_not_be_asked(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "s"))
        listener.listen()
        (tmp_path / "s").chmod(0)
        assert ping(f"unix://{tmp_path}/s") is Ping.FORBIDDEN


def test_an_engine_that_answers_is_used_in_silence(tmp_path: Path) -> None:
    told: list[str] = []
    with listener_at(tmp_path / "s", b"HTTP/1.0 200 OK\r\n\r\nOK"):
        ensure_engine(told.append, {}, EnginePaths(socket=tmp_path / "s"))
    assert told == []


def test_an_engine_the_user_chose_is_neither_started_nor_installed(
    tmp_path: Path,
) -> None:
    told: list[str] = []
    with pytest.raises(EngineUnavailableError, match="DOCKER_HOST"):
        ensure_engine(told.append, {"DOCKER_HOST": f"unix://{tmp_path}/none"})
    assert told == []


def test_only_one_sets_the_machine_up_at_a_time() -> None:
    told: list[str] = []
    with (
        only_one(told.append),
        pytest.raises(EngineUnavailableError, match="another labctl"),
        only_one(told.append, timeout_s=0),
    ):
        pass
    assert told == ["waiting for another labctl that sets this machine up"]
    with only_one(told.append):
        pass
    assert len(told) == 1
