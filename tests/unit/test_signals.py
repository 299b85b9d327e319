"""Signals straight to PID 1: only where it certainly is that, and never to anybody else."""

import os
import signal
from pathlib import Path

import pytest

from labctl.docker_engine import signals
from labctl.docker_engine.signals import signal_directly

ID = "c" * 64


def group(folder: Path, *processes: int) -> Path:
    """Make the control group of a container that has these processes."""
    place = folder / "docker" / ID
    place.mkdir(parents=True)
    (place / "cgroup.procs").write_text("".join(f"{each}\n" for each in processes))
    return folder


def proc(folder: Path, process: int, numbers: str, container: str = ID) -> None:
    """Make what the kernel tells of a process."""
    place = folder / str(process)
    place.mkdir(parents=True)
    (place / "status").write_text(f"Name:\tx\nNSpid:\t{numbers}\n")
    (place / "cgroup").write_text(f"4:memory:/docker/{container}\n")


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[int]:
    """The signals that would have been sent; processes are as `proc` made them."""
    got: list[int] = []
    monkeypatch.setattr(signals, "PROC", tmp_path / "proc")
    monkeypatch.setattr(signal, "pidfd_send_signal", lambda descriptor, number: got.append(number))
    return got


def test_pid_1_of_the_container_gets_the_signal(tmp_path: Path, sent: list[int]) -> None:
    me, parent = os.getpid(), os.getppid()
    proc(tmp_path / "proc", parent, f"{parent}\t7")
    proc(tmp_path / "proc", me, f"{me}\t1")
    assert signal_directly(ID, "HUP", group(tmp_path, parent, me))
    assert sent == [signal.SIGHUP]


@pytest.mark.parametrize(
    ("numbers", "container"),
    [
        pytest.param("7", ID, id="of this machine"),
        pytest.param("7\t12", ID, id="not PID 1"),
        pytest.param("7\t12\t1", ID, id="PID 1 of something inside"),
        pytest.param("7\t1", "d" * 64, id="of another container by now"),
    ],
)
def test_nobody_else_gets_it(tmp_path: Path, sent: list[int], numbers: str, container: str) -> None:
    proc(tmp_path / "proc", os.getpid(), numbers, container)
    assert not signal_directly(ID, "HUP", group(tmp_path, os.getpid()))
    assert sent == []


def test_an_engine_elsewhere_is_left_to_signal_itself(tmp_path: Path, sent: list[int]) -> None:
    assert not signal_directly(ID, "HUP", tmp_path)
    assert sent == []
