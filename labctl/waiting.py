"""The only place that waits: until a condition holds, or a deadline passes."""

import time
from collections.abc import Callable

from labctl.cancellation import pause, raise_if_cancelled


def wait_until(holds: Callable[[], bool], *, timeout_s: float, pause_s: float = 0.05) -> bool:
    """Ask again and again whether a condition holds.

    Args:
        holds: asked at once, and then after each pause.
        timeout_s: seconds after which waiting ends.
        pause_s: seconds between two questions.

    Returns:
        Whether it held before the deadline.

    Raises:
        Cancelled: the command was cancelled.
    """
    raise_if_cancelled()
    deadline = time.monotonic() + timeout_s
    while not holds():
        if time.monotonic() >= deadline:
            return False
        pause(pause_s)
    return True
