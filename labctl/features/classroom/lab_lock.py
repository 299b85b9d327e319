"""One labctl at a time in a lab: a second one waits, and says for which."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from labctl.engine import Progress
from labctl.errors import UnhealthyError
from labctl.features.locking import file_lock, lock_path

TIMEOUT_S = 300.0  # the slowest verb, a whole lab on a loaded machine, takes a fraction of it


@contextmanager
def lab_lock(
    name: str,
    doing: str,
    progress: Progress,
    *,
    shared: bool = False,
    folder: Path | None = None,
    timeout_s: float = TIMEOUT_S,
) -> Iterator[None]:
    """Keep other labctl processes of this machine from changing a lab while we do.

    The lock's file names its holder, for those who wait.

    Args:
        name: the lab's name.
        doing: what we are about to do, for others to read.
        progress: called with the lock's holder, where it must be waited for.
        shared: the lab need only stay as it is; several such holders are possible at the same time.
        folder: where the lock files are; by default the machine's place for them.
        timeout_s: how long to wait.

    Raises:
        UnhealthyError: another process had the lock all the time.
        LabError: the file cannot be made.
        Cancelled: the command was cancelled while it waited.
    """
    path = lock_path(f"-lab-{name}", folder)
    with file_lock(
        path,
        waiting=lambda held: progress(f"waiting for {_holder(held)}, which has lab {name}"),
        too_long=lambda held: UnhealthyError(
            f"{_holder(held)} has had lab '{name}' for more than {timeout_s:g} s",
            where=str(path),
            hint="wait for it, or end it, and type the same again",
        ),
        timeout_s=timeout_s,
        shared=shared,
    ) as descriptor:
        with suppress(OSError):  # a full disk: the lock holds, and only says no name
            os.truncate(descriptor, 0)
            os.pwrite(descriptor, f"{doing} (process {os.getpid()})".encode(), 0)
        yield


def _holder(descriptor: int) -> str:
    return os.pread(descriptor, 200, 0).decode(errors="replace") or "another labctl"
