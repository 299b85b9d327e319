"""What this container as a whole may use: its control group's limits, which can be changed from outside."""

from pathlib import Path

from services.fingerprint import Facts

GROUP = Path("/sys/fs/cgroup")
# What Docker sets, as cgroups version 2 and 1 call it; Documentation/admin-guide/cgroup-v2.rst.
TOLD = (
    *("memory.max", "memory.low", "memory.swap.max", "pids.max", "cpu.max", "cpu.weight"),
    *(f"memory/memory.{each}_in_bytes" for each in ("limit", "soft_limit", "memsw.limit")),
    *("pids/pids.max", "cpu/cpu.cfs_quota_us", "cpu/cpu.cfs_period_us", "cpu/cpu.shares"),
)


def read_limits(group: Path = GROUP) -> Facts:
    """Return the limits of a control group, each by its file's name; none that is not there."""
    files = (group / each for each in TOLD)
    return {file.name: {"value": file.read_text().strip()} for file in files if file.exists()}
