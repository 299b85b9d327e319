"""The fence of conftest holds, and lets other sockets through."""

import contextlib
import gc
import socket
from pathlib import Path

import docker
import pytest


@pytest.mark.parametrize("path", ["/var/run/docker.sock", "/run/docker.sock", "/nonexistent/docker.sock"])
def test_the_engines_socket_is_fenced_off(path: str, no_engine: list[str]) -> None:
    with socket.socket(socket.AF_UNIX) as sock, pytest.raises(pytest.fail.Exception, match="Docker Engine"):
        sock.connect(path)
    assert no_engine == [path]
    no_engine.clear()


@pytest.mark.parametrize("port", [2375, 2376])
def test_the_engines_ports_are_fenced_off(port: int, no_engine: list[str]) -> None:
    with socket.socket() as sock, pytest.raises(pytest.fail.Exception):
        sock.connect_ex(("127.0.0.1", port))
    assert no_engine
    no_engine.clear()


@pytest.mark.filterwarnings("ignore::ResourceWarning")  # the SDK leaves its socket open
def test_the_docker_sdk_is_fenced_off(no_engine: list[str]) -> None:
    with pytest.raises(pytest.fail.Exception):
        docker.from_env().ping()
    gc.collect()
    assert no_engine
    no_engine.clear()


def test_an_attempt_is_noted_even_if_its_error_is_swallowed(no_engine: list[str]) -> None:
    with socket.socket(socket.AF_UNIX) as sock, contextlib.suppress(BaseException):
        sock.connect(b"/var/run/docker.sock")
    assert no_engine
    no_engine.clear()


def test_other_sockets_are_let_through(tmp_path: Path, no_engine: list[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()).close()
    with socket.socket(socket.AF_UNIX) as listening, socket.socket(socket.AF_UNIX) as calling:
        listening.bind(str(tmp_path / "socket"))
        listening.listen()
        calling.connect(str(tmp_path / "socket"))
    assert no_engine == []
