"""What a killed Engine leaves is found, and what belongs to others is not."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from labctl.features.provision.daemon import lines_that_matter
from labctl.features.provision.leftovers import Leftovers, clear, read_leftovers
from labctl.features.provision.paths import EnginePaths
from labctl.features.provision.processes import name_of, pid_in


@pytest.fixture
def paths(tmp_path: Path) -> EnginePaths:
    (tmp_path / "exec" / "containerd").mkdir(parents=True)
    return EnginePaths(
        socket=tmp_path / "docker.sock",
        pid_file=tmp_path / "docker.pid",
        exec_root=tmp_path / "exec",
        system_containerd=tmp_path / "containerd.sock",
        log=tmp_path / "log",
    )


def test_a_machine_without_leftovers_has_none(paths: EnginePaths) -> None:
    assert read_leftovers(paths) == Leftovers()


def test_pid_files_are_in_the_way_whomever_they_name(paths: EnginePaths) -> None:
    paths.pid_file.write_text(str(os.getpid()))
    paths.containerd_pid_file.write_text("999999999")
    assert read_leftovers(paths).files == (paths.pid_file, paths.containerd_pid_file)


def test_a_systems_containerd_is_left_alone_unless_its_socket_is_dead(paths: EnginePaths) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(paths.system_containerd))
        assert read_leftovers(paths).files == (paths.system_containerd,)
        listener.listen()
        assert read_leftovers(paths).files == ()


def test_a_folder_in_the_sockets_place_is_in_the_way(paths: EnginePaths) -> None:
    paths.socket.mkdir()
    leftovers = read_leftovers(paths)
    assert leftovers.folders == (paths.socket,)
    if os.geteuid() == 0:  # elsewhere it takes sudo, which a unit test does not ask for
        clear(leftovers)
        assert not paths.socket.exists()


def test_a_pid_file_counts_only_if_its_process_is_the_program(tmp_path: Path) -> None:
    file = tmp_path / "pid"
    assert pid_in(file, "dockerd") is None
    for content in ("", "no number", "-1", "999999999", str(os.getpid())):
        file.write_text(content)
        assert pid_in(file, "dockerd") is None
    own_name = name_of(os.getpid())
    assert own_name is not None
    assert pid_in(file, own_name) == os.getpid()


def test_a_process_that_has_ended_but_was_not_reaped_is_not_alive() -> None:
    process = subprocess.Popen([sys.executable, "-c", ""], stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.read()  # to its end
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    assert name_of(process.pid) is None
    process.communicate()


def test_of_an_engines_log_only_what_is_wrong_is_told() -> None:
    log = (
        'time="2026-01-01T00:00:00Z" level=info msg="Starting up"\n'
        'time="2026-01-01T00:00:01Z" level=error msg="no \\"such\\" driver"\n'
        "failed to start daemon: driver not supported\n"
    )
    assert lines_that_matter(log) == 'no "such" driver\nfailed to start daemon: driver not supported'
