"""The same work on several things side by side, by a bounded number of workers."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from labctl.errors import LabError, SeveralErrors

Item = TypeVar("Item")
Result = TypeVar("Result")

# Starting containers is the Engine's and the kernel's work, not ours. On two cores six at a time
# took least: fewer leave a core idle now and then, more get in each other's way.
WORKERS = 6


def for_each(
    items: Iterable[Item], work: Callable[[Item], Result], *, workers: int = WORKERS
) -> list[Result]:
    """Do the work on each item; one that fails does not stop the others.

    Returns:
        The results, in the items' order.

    Raises:
        LabError: the one that occurred, or SeveralErrors with all of them, after all are done.
    """
    results: list[Result] = []
    errors: list[LabError] = []
    with ThreadPoolExecutor(workers) as pool:
        try:
            for future in [pool.submit(work, item) for item in items]:
                try:
                    results.append(future.result())
                except LabError as error:
                    errors.append(error)
        except BaseException:  # Ctrl-C: what has not been begun stays undone
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    if errors:
        raise errors[0] if len(errors) == 1 else SeveralErrors(errors)
    return results
