"""Cancellation (Ctrl-C): nothing new begins, what waits ends, temporary containers are removed.

Python gives Ctrl-C to the main thread alone. It calls `cancel`; the other threads learn of it here, at
each pause, each piece of work and each call of the Engine, and end by Cancelled as by a Ctrl-C of their own.
"""

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

_cancelled = threading.Event()
_lock = threading.Lock()
_to_call: list[Callable[[], None]] = []


class Cancelled(BaseException):
    """The command is cancelled; like KeyboardInterrupt, it is no error to be handled."""


def cancel() -> None:
    """End all that waits in this process, and let nothing new begin."""
    with _lock:
        _cancelled.set()
        waiting = list(_to_call)
    for end in waiting:
        with suppress(OSError):  # it has just ended by itself
            end()


def raise_if_cancelled() -> None:
    """Pass a place at which work may end; a thread that is ending already passes, to clear up.

    Raises:
        Cancelled: the command is cancelled.
    """
    if _cancelled.is_set() and not isinstance(sys.exc_info()[1], Cancelled):
        raise Cancelled


def pause(seconds: float) -> None:
    """Do nothing for so long.

    Raises:
        Cancelled: the command was cancelled meanwhile.
    """
    _cancelled.wait(seconds)
    raise_if_cancelled()


@contextmanager
def ended_by(end: Callable[[], None]) -> Iterator[None]:
    """End a wait that cannot be left, such as for a socket, at cancellation.

    Args:
        end: called by another thread; an OSError of its is ignored.

    Raises:
        Cancelled: the command was cancelled before the end.
    """
    with _lock:
        raise_if_cancelled()
        _to_call.append(end)
    try:
        yield
    finally:
        with _lock:
            _to_call.remove(end)
    raise_if_cancelled()
