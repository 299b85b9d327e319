"""The same work in several labs side by side; a failure in one does not stop the others."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Generic, TypeVar

from labctl.cancellation import cancel
from labctl.errors import LabError

Result = TypeVar("Result")

# A Ctrl-C that comes just as Python begins to wait is seen only when the wait ends: so none is long.
LONGEST_WAIT_S = 0.2


@dataclass(frozen=True)
class Outcomes(Generic[Result]):
    """What came of the work: by lab either a result or an error, both in the order of the labs."""

    results: Mapping[str, Result]
    errors: Mapping[str, LabError]

    @property
    def exit_code(self) -> int:
        """The gravest error's exit code; 0 when there is none."""
        return max((error.exit_code for error in self.errors.values()), default=0)


def run_in_labs(
    labs: Sequence[str],
    work: Callable[[str], Result],
    *,
    at_once: int,
    done: Callable[[str, LabError | None], None] = lambda lab, error: None,
) -> Outcomes[Result]:
    """Work in each lab.

    Args:
        labs: their names.
        work: what to do, given a lab's name; a LabError it raises is kept.
        at_once: in how many labs at the same time.
        done: called when a lab is done, with its error if there was one.

    Returns:
        All results and errors. What is not a LabError (Ctrl-C above all) ends everything at once:
        what was begun with the Engine is left to the next `up`. The workers are not waited for: Python
        itself does when the process ends, and meanwhile they clear up.
    """
    results: dict[str, Result] = {}
    errors: dict[str, LabError] = {}
    pool = ThreadPoolExecutor(at_once, "lab")
    pending: dict[Future[Result], str] = {pool.submit(work, lab): lab for lab in labs}
    try:
        while pending:
            finished, _ = wait(pending, LONGEST_WAIT_S, FIRST_COMPLETED)
            for future in finished:
                lab = pending.pop(future)
                try:
                    results[lab] = future.result()
                except LabError as error:
                    errors[lab] = error
                done(lab, errors.get(lab))
    except BaseException:
        cancel()
        raise
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
    return Outcomes(
        {lab: results[lab] for lab in labs if lab in results},
        {lab: errors[lab] for lab in labs if lab in errors},
    )
