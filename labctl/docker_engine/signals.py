"""A signal straight to a container's PID 1, where the Engine is on this machine and we may.

The Engine starts a program of its own for each signal, some twelve milliseconds of CPU: for a lab's
25 containers that is most of the time a reset takes.
"""

import os
import signal
from pathlib import Path

from labctl.docker_engine.groups import GROUPS, group_folders

PROC = Path("/proc")


def signal_directly(container_id: str, name: str, groups: Path = GROUPS) -> bool:
    """Send PID 1 of a running container a signal; return whether that was possible.

    Args:
        container_id: the container's full id.
        name: the signal's name without `SIG`.
        groups: where control groups are mounted.
    """
    number = signal.Signals[f"SIG{name}"]
    for process in _processes(container_id, groups):
        try:
            descriptor = os.pidfd_open(process)
        except (OSError, AttributeError):  # it has ended, or this is no Linux
            continue
        try:
            # Looked at only now: the descriptor stays this process's, also when its number is used again.
            if _is_first_of(container_id, process):
                signal.pidfd_send_signal(descriptor, number)
                return True
        except OSError:  # not ours to signal
            return False
        finally:
            os.close(descriptor)
    return False


def _processes(container_id: str, groups: Path) -> list[int]:
    """Return the ids of a container's processes, as this machine counts them."""
    for folder in group_folders(container_id, groups):
        try:
            return sorted(int(line) for line in (folder / "cgroup.procs").read_text().split())
        except OSError:
            continue
    return []


def _is_first_of(container_id: str, process: int) -> bool:
    """Return whether a process is PID 1 of the container and of nothing else."""
    status = (PROC / str(process) / "status").read_text()
    numbers = next((line.split()[1:] for line in status.splitlines() if line.startswith("NSpid:")), [])
    group = (PROC / str(process) / "cgroup").read_text()
    return len(numbers) == 2 and numbers[-1] == "1" and container_id in group
