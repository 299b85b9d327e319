"""One labctl at a time in a lab: a second one waits, and says for whom."""

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from labctl.engine import Progress
from labctl.errors import UnhealthyError
from labctl.waiting import wait_until

TIMEOUT_S = 300.0  # the slowest verb, a whole lab on a loaded machine, takes a fraction of it
PAUSE_S = 0.05


@contextmanager
def hold_lab(
    name: str, doing: str, tell: Progress, *, folder: Path | None = None, timeout_s: float = TIMEOUT_S
) -> Iterator[None]:
    """Keep other labctl processes of this machine from changing a lab while we do.

    The lock is the kernel's, on an empty file, so it ends with the process that has it however that
    dies; what the file says is only who has it, for whoever waits.

    Args:
        name: the lab's name.
        doing: what we are about to do, for others to read.
        tell: called with who holds the lab, if we must wait.
        folder: where the lock files are; by default the system's place for temporary files.
        timeout_s: how long to wait.

    Raises:
        UnhealthyError: another process held it all the time.
    """
    path = (folder or Path(tempfile.gettempdir())) / f"labctl-{os.geteuid()}-lab-{name}.lock"
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        if not _is_ours(descriptor):
            tell(f"waiting for {_holder(descriptor)}, which has lab {name}")
            if not wait_until(lambda: _is_ours(descriptor), timeout_s=timeout_s, pause_s=PAUSE_S):
                raise UnhealthyError(
                    f"{_holder(descriptor)} has had lab '{name}' for more than {timeout_s:g} s",
                    where=str(path),
                    hint="wait for it, or end it, and type the same again",
                )
        os.truncate(descriptor, 0)
        os.pwrite(descriptor, f"{doing} (process {os.getpid()})".encode(), 0)
        yield
    finally:
        os.close(descriptor)


def _is_ours(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _holder(descriptor: int) -> str:
    return os.pread(descriptor, 200, 0).decode(errors="replace") or "another labctl"
