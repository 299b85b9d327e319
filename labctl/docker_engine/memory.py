"""What a container's processes use, from the kernel's own books where the Engine is on this machine.

The Engine's `stats` waits for its next tick, a second, even when asked for one figure (20.10); a
control group's files answer at once. Where they are is a matter of the group driver and version.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from labctl.docker_engine.groups import GROUPS, group_folders

USAGE = ("memory.current", "memory.usage_in_bytes")
CACHE = ("total_inactive_file", "inactive_file")  # version 1 calls the whole group's so, then 2


def read_memory(container_id: str, groups: Path = GROUPS) -> int | None:
    """Return a container's memory in bytes, unused page cache left out; None: not known here."""
    for folder in group_folders(container_id, groups):
        for name in USAGE:
            try:
                usage = int((folder / name).read_text())
                lines = (folder / "memory.stat").read_text().splitlines()
            except (OSError, ValueError):
                continue
            return net_of_cache(usage, dict(line.split() for line in lines))
    return None


def net_of_cache(usage: int, details: Mapping[str, Any]) -> int:
    """Return the usage without what the kernel would free at once, as `docker stats` does."""
    cache = next((int(details[name]) for name in CACHE if name in details), 0)
    return max(0, usage - cache)
