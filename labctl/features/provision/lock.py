"""One at a time: two labctl on one machine must not both install, start or build."""

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from labctl.engine import Progress
from labctl.errors import EngineUnavailableError
from labctl.waiting import wait_until

LOCK_TIMEOUT_S = 900.0  # as long as the slowest set-up we wait for may take


@contextmanager
def only_one(progress: Progress, *, timeout_s: float = LOCK_TIMEOUT_S) -> Iterator[None]:
    """Hold the user's lock on setting this machine up; the system lets go of it if we die.

    Raises:
        EngineUnavailableError: another one held it all the time.
    """
    path = Path(tempfile.gettempdir()) / f"labctl-{os.geteuid()}.lock"
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        if not _locked(descriptor):
            progress("waiting for another labctl that sets this machine up")
            if not wait_until(lambda: _locked(descriptor), timeout_s=timeout_s, pause_s=0.2):
                raise EngineUnavailableError(
                    "another labctl has been setting this machine up for too long",
                    where=str(path),
                    hint=f"fuser -v {path}",
                )
        yield
    finally:
        os.close(descriptor)


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
