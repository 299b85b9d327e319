"""A lock between processes of one user: the kernel's, so that it ends with its holder."""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from labctl.errors import LabError
from labctl.waiting import wait_until

PAUSE_S = 0.05

# The first that this user may write to. All of a user's processes must come to the same one, so neither
# TMPDIR nor XDG_RUNTIME_DIR is asked, which cron, sudo and a shell have otherwise; nor does a full disk
# make it another one. Debian has the first, in containers too; elsewhere it may be root's alone.
FOLDERS = (Path("/run/lock"), Path("/tmp"))  # noqa: S108  # the file's name has the user's number


def lock_path(name: str, folder: Path | None = None) -> Path:
    """Return this user's lock file of a name, by default in the machine's place for such files."""
    if folder is None:
        folder = next((each for each in FOLDERS if os.access(each, os.W_OK | os.X_OK)), FOLDERS[-1])
    return folder / f"labctl-{os.geteuid()}{name}.lock"


@contextmanager
def file_lock(
    path: Path,
    *,
    waiting: Callable[[int], None],
    too_long: Callable[[int], LabError],
    timeout_s: float,
    shared: bool = False,
) -> Iterator[int]:
    """Hold the lock on a file, made if it is not there, and yield its descriptor.

    Args:
        path: the file.
        waiting: called once, with the descriptor, when another process has it.
        too_long: returns the error to raise when it has had it for `timeout_s`.
        timeout_s: how long to wait.
        shared: others may hold it at the same time, if they ask for it shared as well.

    Raises:
        LabError: the file cannot be made, or what `too_long` returned.
        Cancelled: the command was cancelled while it waited.
    """
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise LabError(
            f"the lock file cannot be made: {error.strerror}",
            where=str(path),
            hint=f"df -hi {path.parent}; ls -ld {path.parent} {path}",
        ) from error
    try:
        if not _is_ours(descriptor, shared):
            waiting(descriptor)
            if not wait_until(lambda: _is_ours(descriptor, shared), timeout_s=timeout_s, pause_s=PAUSE_S):
                raise too_long(descriptor)
        yield descriptor
    finally:
        os.close(descriptor)


def _is_ours(descriptor: int, shared: bool) -> bool:
    try:
        fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
