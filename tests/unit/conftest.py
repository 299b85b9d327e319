"""The fence around the unit tests: none of them reaches a Docker Engine.

An attempt fails its test even where the code under test swallows errors, or tries from a thread.
"""

import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from labctl import cancellation
from labctl.features import locking

ENGINE_PORTS = (2375, 2376)
_attempts: list[str] = []
_fence = {"up": False}


def _is_an_engines(address: object) -> bool:
    if isinstance(address, tuple):
        return address[1] in ENGINE_PORTS
    return isinstance(address, (str, bytes)) and os.fsdecode(address).endswith("docker.sock")


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    """See each attempt of this process to connect a socket; an audit hook stays until the end."""
    if event == "socket.connect" and _fence["up"] and _is_an_engines(arguments[1]):
        _attempts.append(str(arguments[1]))
        pytest.fail(f"a unit test reaches for a Docker Engine at {arguments[1]}")


sys.addaudithook(_watch)


@pytest.fixture(autouse=True)
def no_engine(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Fail the test if it tries to reach an Engine; programs it starts find none either."""
    monkeypatch.setenv("DOCKER_HOST", "unix:///nonexistent/docker.sock")
    _attempts.clear()
    _fence["up"] = True
    yield _attempts
    _fence["up"] = False
    if _attempts:
        pytest.fail(f"a unit test reached for a Docker Engine at {', '.join(_attempts)}")


@pytest.fixture(autouse=True)
def locks(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The folder lock files are in, instead of the machine's own, where a labctl at work has its."""
    (tmp_path / "locks").mkdir()
    monkeypatch.setattr(locking, "FOLDERS", (tmp_path / "locks",))
    return tmp_path / "locks"


@pytest.fixture(autouse=True)
def not_cancelled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a test give up without ending those after it."""
    monkeypatch.setattr(cancellation, "_cancelled", threading.Event())


@pytest.fixture(autouse=True)
def snapshots(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The folder snapshots are kept in, instead of the user's own."""
    monkeypatch.setenv("LABCTL_SNAPSHOTS", str(tmp_path / "snapshots"))
    return tmp_path / "snapshots"
