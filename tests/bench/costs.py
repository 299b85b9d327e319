"""What running labs cost: memory, and the CPU that they and the Engine use while nobody does anything."""

import os
import statistics
import time
from collections.abc import Collection, Sequence
from pathlib import Path

from labctl.docker_engine import DockerEngine
from tests.bench.results import Idle

PROC = Path("/proc")
GROUPS = Path("/sys/fs/cgroup")
CPU_PLACES = (  # control groups version 2, then 1; driver systemd, then cgroupfs
    "system.slice/docker-{id}.scope/cpu.stat",
    "docker/{id}/cpu.stat",
    "cpuacct/system.slice/docker-{id}.scope/cpuacct.usage",
    "cpuacct/docker/{id}/cpuacct.usage",
)
SHIM = "containerd-shim"  # as the kernel cuts it
DAEMONS = ("dockerd", "containerd")


def read_available_octets(proc: Path = PROC) -> int:
    """Return the machine's MemAvailable: free memory, and what could be freed at once."""
    lines = (proc / "meminfo").read_text().splitlines()
    return next(int(line.split()[1]) << 10 for line in lines if line.startswith("MemAvailable:"))


def read_group_octets(engine: DockerEngine, containers: Sequence[str]) -> int:
    """Return what the control group of a container has in use, its page cache left out: the mean."""
    known = [used for each in containers if (used := engine.memory_bytes(each)) is not None]
    return round(statistics.fmean(known)) if known else 0


def watch_idle(containers: Collection[str], seconds: float) -> Idle | None:
    """Return the CPU used over a time by containers, their shims and the Engine's daemons.

    Args:
        containers: their ids.
        seconds: how long to watch.

    Returns:
        Percent of one core; None where the Engine's books are not on this machine.
    """
    before = _read_cpu_seconds(containers)
    began = time.monotonic()
    time.sleep(seconds)
    lasted = time.monotonic() - began
    after = _read_cpu_seconds(containers)
    if before is None or after is None:
        return None
    used = {part: 100 * (after[part] - before[part]) / lasted for part in after}
    return Idle(
        seconds=round(lasted, 1),
        containers=len(containers),
        containers_percent=round(used["containers"], 2),
        shims_percent=round(used["shims"], 2),
        daemons_percent=round(used["daemons"], 2),
        percent=round(sum(used.values()), 2),
    )


def _read_cpu_seconds(containers: Collection[str]) -> dict[str, float] | None:
    in_groups = [read_group_cpu_seconds(each) for each in containers]
    if not in_groups or None in in_groups:
        return None
    shims, daemons = read_process_cpu_seconds(containers)
    return {"containers": sum(filter(None, in_groups)), "shims": shims, "daemons": daemons}


def read_group_cpu_seconds(container: str, groups: Path = GROUPS) -> float | None:
    """Return the CPU time of all a container's processes, ended ones too; None: not known here."""
    for place in CPU_PLACES:
        try:
            text = (groups / place.format(id=container)).read_text()
        except OSError:
            continue
        if text.strip().isdigit():
            return int(text) / 1e9
        return int(dict(line.split() for line in text.splitlines())["usage_usec"]) / 1e6
    return None


def read_process_cpu_seconds(containers: Collection[str], proc: Path = PROC) -> tuple[float, float]:
    """Return the CPU time of the shims of these containers, and that of the Engine's daemons."""
    shims = daemons = 0.0
    for folder in proc.glob("[0-9]*"):
        try:
            name = (folder / "comm").read_text().strip()
            if name not in (SHIM, *DAEMONS):
                continue
            # Fields 14 and 15 of proc(5); the name before them may have blanks, and ends in a bracket.
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            used = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
            words = (folder / "cmdline").read_text().split("\0")
        except OSError:  # it ended meanwhile
            continue
        if name in DAEMONS:
            daemons += used
        elif not set(words).isdisjoint(containers):
            shims += used
    return shims, daemons
