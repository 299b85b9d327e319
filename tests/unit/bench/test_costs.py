"""CPU and memory are read from the kernel's books, whichever of their places they are in."""

from pathlib import Path
from typing import Any

import pytest

from tests.bench.costs import read_available_octets, read_group_cpu_seconds, read_process_cpu_seconds
from tests.bench.engine_times import read_lab_seconds
from tests.bench.labs import choose_labs
from tests.run_names import RUN


@pytest.mark.parametrize(
    ("place", "text"),
    [
        ("docker/abc/cpu.stat", "usage_usec 2500000\nuser_usec 1\n"),
        ("system.slice/docker-abc.scope/cpu.stat", "usage_usec 2500000\n"),
        ("cpuacct/docker/abc/cpuacct.usage", "2500000000\n"),
        ("cpuacct/system.slice/docker-abc.scope/cpuacct.usage", "2500000000\n"),
    ],
)
def test_a_containers_cpu_is_found(place: str, text: str, tmp_path: Path) -> None:
    (tmp_path / place).parent.mkdir(parents=True)
    (tmp_path / place).write_text(text)
    assert read_group_cpu_seconds("abc", tmp_path) == 2.5
    assert read_group_cpu_seconds("other", tmp_path) is None


def add_process(proc: Path, pid: int, name: str, words: str, ticks: int) -> None:
    folder = proc / str(pid)
    folder.mkdir()
    (folder / "comm").write_text(f"{name}\n")
    (folder / "cmdline").write_text(words.replace(" ", "\0"))
    (folder / "stat").write_text(f"{pid} ({name} x) S {'0 ' * 10}{ticks} {ticks} 0 0\n")


def test_shims_count_only_for_their_own_containers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.sysconf", lambda name: 100)
    add_process(tmp_path, 1, "systemd", "/sbin/init", 9000)
    add_process(tmp_path, 2, "dockerd", "dockerd", 100)
    add_process(tmp_path, 3, "containerd", "containerd", 50)
    add_process(tmp_path, 4, "containerd-shim", "shim -namespace moby -id abc -address x", 10)
    add_process(tmp_path, 5, "containerd-shim", "shim -namespace moby -id other -address x", 70)
    assert read_process_cpu_seconds(["abc"], tmp_path) == (0.2, 3.0)


def test_available_memory_is_in_octets(tmp_path: Path) -> None:
    (tmp_path / "meminfo").write_text("MemTotal: 9 kB\nMemFree: 1 kB\nMemAvailable: 4 kB\n")
    assert read_available_octets(tmp_path) == 4096


class TwoLabs:
    """The SDK's client, as far as it is asked: each lab's network is made, then two containers start."""

    def networks(self, filters: dict[str, str]) -> list[dict[str, str]]:
        second = {f"lab-bench-{RUN}-1": 10, f"lab-bench-{RUN}-2": 20}[filters["label"].partition("=")[2]]
        return [{"Created": f"2026-01-01T00:00:{second}.123456789Z"}]

    def containers(self, filters: dict[str, str]) -> list[dict[str, str]]:
        return [{"Id": f"{filters['label']} {number}"} for number in (1, 3)]

    def inspect_container(self, container: str) -> Any:
        second = (10 if f"bench-{RUN}-1" in container else 20) + int(container[-1])
        return {"State": {"StartedAt": f"2026-01-01T00:00:{second}.623456789Z"}}


def test_a_lab_took_from_its_network_to_its_last_container() -> None:
    assert read_lab_seconds(TwoLabs(), choose_labs(2, ())) == [3.5, 3.5]
