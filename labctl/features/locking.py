"""A lock between processes of one user: the kernel's, so that it ends with whoever has it."""

import fcntl
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from labctl.errors import LabError
from labctl.waiting import wait_until

PAUSE_S = 0.05


def lock_path(name: str, folder: Path | None = None) -> Path:
    """Return this user's lock file of a name, by default in the system's place for temporary files."""
    return (folder or Path(tempfile.gettempdir())) / f"labctl-{os.geteuid()}{name}.lock"


@contextmanager
def hold_file(
    path: Path,
    *,
    waiting: Callable[[int], None],
    too_long: Callable[[int], LabError],
    timeout_s: float,
) -> Iterator[int]:
    """Hold the lock on a file, made if it is not there, and yield its descriptor.

    Args:
        path: the file.
        waiting: called once, with the descriptor, when another process has it.
        too_long: returns the error to raise when it has had it for `timeout_s`.
        timeout_s: how long to wait.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        if not _is_ours(descriptor):
            waiting(descriptor)
            if not wait_until(lambda: _is_ours(descriptor), timeout_s=timeout_s, pause_s=PAUSE_S):
                raise too_long(descriptor)
        yield descriptor
    finally:
        os.close(descriptor)


def _is_ours(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
