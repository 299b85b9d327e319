"""Where the kernel keeps a container's control group, when the Engine is on this machine.

Where that is is a matter of the group version and driver.
"""

from collections.abc import Iterator
from pathlib import Path

GROUPS = Path("/sys/fs/cgroup")
PLACES = (  # version 2, then 1; driver systemd, then cgroupfs
    "system.slice/docker-{id}.scope",
    "docker/{id}",
    "memory/system.slice/docker-{id}.scope",
    "memory/docker/{id}",
)


def group_folders(container_id: str, groups: Path = GROUPS) -> Iterator[Path]:
    """Yield the folders that may be a container's control group; none of them need be there."""
    return (groups / place.format(id=container_id) for place in PLACES)
