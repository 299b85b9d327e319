"""The same work on several things side by side, by workers whose number is bounded for the process.

However many labs are worked on at once, no more than WORKERS calls reach the Engine side by side.
"""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from labctl.cancellation import raise_if_cancelled
from labctl.errors import LabError, SeveralErrors

Item = TypeVar("Item")
Result = TypeVar("Result")

# Starting containers is the Engine's and the kernel's work, not ours. On two cores six at a time
# took least: fewer leave a core idle now and then, more get in each other's way.
WORKERS = 6

_pool = ThreadPoolExecutor(WORKERS, "engine-call")


def for_each(items: Iterable[Item], work: Callable[[Item], Result]) -> list[Result]:
    """Do the work on each item; one that fails does not stop the others.

    The work must not call this again: it would wait for workers that wait for it.

    Returns:
        The results, in the items' order.

    Raises:
        LabError: the one that occurred, or SeveralErrors with all of them, after all are done.
        Cancelled: the command was cancelled; what had not begun is not done.
    """

    def begin(item: Item) -> Result:
        raise_if_cancelled()
        return work(item)

    results: list[Result] = []
    errors: list[LabError] = []
    futures = [_pool.submit(begin, item) for item in items]
    try:
        for future in futures:
            try:
                results.append(future.result())
            except LabError as error:
                errors.append(error)
    except BaseException:  # Ctrl-C above all
        for future in futures:
            future.cancel()
        raise
    raise_if_cancelled()
    if errors:
        raise errors[0] if len(errors) == 1 else SeveralErrors(errors)
    return results
