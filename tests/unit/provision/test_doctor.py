"""What the doctor finds: each limit judged by the size of the class, each finding with its mending."""

import os
import socket
from pathlib import Path

import pytest

from labctl.errors import EngineUnavailableError
from labctl.features import doctor
from labctl.features.doctor import engine_findings
from labctl.features.doctor.engine_findings import examine_disk, examine_engine
from labctl.features.doctor.limits import LIMITS, examine_limits, judge
from labctl.features.doctor.network_findings import examine_ports, find_way_out
from labctl.features.provision.paths import EnginePaths
from labctl.model import Build, Definition, Listener, Network, PublishedPort, Service
from tests.unit.definitions import definition
from tests.unit.fake_engine import FakeEngine


def test_a_limit_that_suffices_needs_no_mending() -> None:
    finding = judge(LIMITS[0], LIMITS[0].wanted(100), 100)
    assert (finding.ok, finding.hint) == (True, "")


def test_a_limit_that_is_too_low_comes_with_the_command_that_raises_it() -> None:
    finding = judge(LIMITS[0], 128, 360)
    assert not finding.ok
    assert finding.hint == "sudo sysctl -w fs.inotify.max_user_instances=512"


def test_limits_are_judged_by_the_size_of_the_class(tmp_path: Path) -> None:
    (tmp_path / "sys/fs/inotify").mkdir(parents=True)
    (tmp_path / "sys/fs/inotify/max_user_instances").write_text("128\n")
    (tmp_path / "meminfo").write_text("MemTotal: 8000000 kB\nMemAvailable: 1000000 kB\n")
    assert all(each.ok for each in examine_limits(containers=12, proc=tmp_path))
    assert not any(each.ok for each in examine_limits(containers=360, proc=tmp_path))


def test_the_way_out_is_the_default_routes_interface() -> None:
    lan = "eth1\t0000590A\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0"
    default = "wlan0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0"
    header = "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT"
    assert find_way_out([header, lan, default]) == "wlan0"
    assert find_way_out([header, lan]) is None


@pytest.mark.parametrize("protocol", ["tcp", "udp"])
def test_a_port_that_another_program_has_is_named(protocol: str) -> None:
    kind = socket.SOCK_STREAM if protocol == "tcp" else socket.SOCK_DGRAM
    with socket.socket(socket.AF_INET, kind) as other:
        other.bind(("127.0.0.1", 0))
        if protocol == "tcp":
            other.listen()
        number = other.getsockname()[1]
        port = PublishedPort(Listener(7, protocol), "127.0.0.1", number)
        service = Service("echo", "server", 1, ports=(port,))
        lab = Definition(Path("/x/compose.yaml"), {"echo": service}, Network(), {})
        taken = examine_ports(FakeEngine(), lab)
    assert not taken.ok
    assert f"{number}/{protocol}" in taken.what
    assert examine_ports(FakeEngine(), lab).ok


def test_without_an_engine_the_rest_is_looked_at_all_the_same(tmp_path: Path) -> None:
    def connect() -> FakeEngine:
        raise EngineUnavailableError("no Docker Engine answers")

    found = doctor.examine(connect, definition(), {"DOCKER_HOST": f"unix://{tmp_path}/none"})
    engine = next(each for each in found if each.name == "Engine")
    assert not engine.ok
    assert engine.hint == "unset DOCKER_HOST"
    assert next(each for each in found if each.name == "Python").ok


def test_what_only_tests_need_is_marked_as_such(tmp_path: Path) -> None:
    found = doctor.examine(FakeEngine, definition(), {"DOCKER_HOST": f"unix://{tmp_path}/none"})
    assert [each.name for each in found if each.optional] == ["packages", "Compose"]


def test_every_finding_that_is_not_well_has_a_mending() -> None:
    for each in doctor.examine(FakeEngine, definition(), {}, labs=100):
        assert each.ok or each.hint


def test_an_engine_that_refuses_one_question_is_no_missing_engine(tmp_path: Path) -> None:
    build = Build(tmp_path / "nowhere")
    lab = Definition(tmp_path / "compose.yaml", {"echo": Service("echo", "server", 1, build)}, Network(), {})
    found = doctor.examine(FakeEngine, lab, {"DOCKER_HOST": f"unix://{tmp_path}/none"})
    assert [" answers at " in each.what for each in found if each.name == "Engine"] == [True]
    images = next(each for each in found if each.name == "images")
    assert images.what == f"{tmp_path}/nowhere/Dockerfile: this Dockerfile does not exist"
    assert images.hint


def test_an_engine_that_answers_and_is_of_no_use_is_told_with_its_words(tmp_path: Path) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        host = {"DOCKER_HOST": f"tcp://127.0.0.1:{other.getsockname()[1]}"}
        error = EngineUnavailableError("no Docker Engine answers", log="it wants TLS")
        finding = examine_engine(None, host, EnginePaths(), error)
    assert not finding.ok
    assert finding.what.endswith("(it wants TLS)")
    assert finding.hint


def test_a_folder_of_the_engine_that_we_may_not_look_at_is_no_trouble(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: str | Path, **how: bool) -> os.stat_result:
        if str(path).startswith(str(tmp_path / "private")):
            raise PermissionError(13, "Permission denied")
        return real(path, **how)

    real = os.stat
    monkeypatch.setattr(os, "stat", refuse)
    monkeypatch.setattr(engine_findings, "_data_root", lambda _: tmp_path / "private" / "docker")
    assert str(tmp_path) in examine_disk().what
