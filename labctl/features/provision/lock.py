"""One at a time: two labctl on one machine must not both install, start or build."""

from collections.abc import Iterator
from contextlib import contextmanager

from labctl.engine import Progress
from labctl.errors import EngineUnavailableError
from labctl.features.locking import file_lock, lock_path

LOCK_TIMEOUT_S = 900.0  # as long as the slowest set-up we wait for may take


@contextmanager
def only_one(progress: Progress, *, timeout_s: float = LOCK_TIMEOUT_S) -> Iterator[None]:
    """Hold the user's lock on setting this machine up; the system lets go of it if we die.

    Raises:
        EngineUnavailableError: another one held it all the time.
    """
    path = lock_path("")
    with file_lock(
        path,
        waiting=lambda _: progress("waiting for another labctl that sets this machine up"),
        too_long=lambda _: EngineUnavailableError(
            "another labctl has been setting this machine up for too long",
            where=str(path),
            hint=f"fuser -v {path}",
        ),
        timeout_s=timeout_s,
    ):
        yield
