"""The machine's limits that a class meets, which a single lab never does."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from labctl.features.doctor.findings import Finding

# A server with its shim and what the kernel keeps for them: 13.3 MiB measured (`make bench`).
MEMORY_PER_CONTAINER_BYTES = 14 * 1024**2


@dataclass(frozen=True)
class Limit:
    """A setting of the kernel, and what it has to be for a number of containers."""

    name: str
    key: str
    per_container: float
    spare: int

    def wanted(self, containers: int) -> int:
        """Return the least value that will do."""
        return round(self.per_container * containers) + self.spare


LIMITS = (
    # Each container's shim watches its memory events; the rest of the machine needs some as well.
    Limit("inotify", "fs.inotify.max_user_instances", 1, 64),
    # runc gives each container a session keyring, counted to the user who starts it: root.
    Limit("kernel keys", "kernel.keys.root_maxkeys", 2, 100),
    # An entry for each neighbour each network has talked to; one table for the whole machine. A full one
    # raises no error: 40 labs are then reset in 90 s instead of 15, and a check fails at times.
    Limit("IPv4 neighbours", "net.ipv4.neigh.default.gc_thresh3", 3, 256),
    Limit("IPv6 neighbours", "net.ipv6.neigh.default.gc_thresh3", 3, 256),
    # A shim has a dozen threads, a server and its init a few processes.
    Limit("process ids", "kernel.pid_max", 24, 4096),
)


def examine_limits(*, containers: int, proc: Path = Path("/proc")) -> list[Finding]:
    """Tell for each limit whether it allows so many containers.

    Args:
        containers: how many there are to be at once.
        proc: where the kernel shows its settings.
    """
    findings = []
    for limit in LIMITS:
        file = proc / "sys" / limit.key.replace(".", "/")
        if file.exists():
            findings.append(judge(limit, int(file.read_text()), containers))
    findings.append(_examine_memory(proc / "meminfo", containers))
    return findings


def judge(limit: Limit, value: int, containers: int) -> Finding:
    """Compare a limit's value with what so many containers need."""
    wanted = limit.wanted(containers)
    if value >= wanted:
        return Finding(limit.name, True, f"{limit.key} = {value}, enough for {containers} containers")
    what = f"{limit.key} = {value}, and {containers} containers need {wanted}"
    return Finding(limit.name, False, what, f"sudo sysctl -w {limit.key}={_round_up(wanted)}")


def _round_up(value: int) -> int:
    """Return the next power of two, as such settings usually are."""
    return 1 << (value - 1).bit_length()


def _examine_memory(meminfo: Path, containers: int) -> Finding:
    available = _available_bytes(dict(line.split(":", 1) for line in meminfo.read_text().splitlines()))
    wanted = containers * MEMORY_PER_CONTAINER_BYTES
    what = f"{available / 1024**2:.0f} MiB free, {containers} containers take about {wanted / 1024**2:.0f}"
    if available < wanted:
        return Finding("memory", False, what, "fewer labs at once, or more memory")
    return Finding("memory", True, what)


def _available_bytes(facts: Mapping[str, str]) -> int:
    return int(facts["MemAvailable"].split()[0]) * 1024
