"""A verb in one lab or in many: progress, the lock on each lab, and the failures reported at the end."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

import click

from labctl.cli.context import Choice
from labctl.cli.progress import Steps
from labctl.engine import Progress
from labctl.errors import LabError, SeveralErrors
from labctl.features.classroom.lab_lock import lab_lock
from labctl.features.classroom.parallel_labs import Outcomes, run_in_labs

Result = TypeVar("Result")


def in_each_lab(
    choices: Sequence[Choice],
    work: Callable[[Choice, Progress], Result],
    steps: Steps,
    *,
    at_once: int,
    changing: str = "",
    reading: str = "",
) -> Outcomes[Result]:
    """Do a verb's work in each lab that was chosen.

    Args:
        choices: the labs.
        work: what to do in one, given it and the progress of its steps.
        steps: the one progress display.
        at_once: in how many labs in parallel.
        changing: the verb, when it changes labs and so needs exclusive access to each; else empty.
        reading: the verb, when it needs each lab to stay as it is meanwhile; else empty.

    Returns:
        What came of it, by lab.
    """
    by_name = {each.name: each for each in choices}

    def work_in(name: str) -> Result:
        progress = steps.of(name)
        if not (changing or reading):
            return work(by_name[name], progress)
        with lab_lock(name, f"labctl {changing or reading} {name}", progress, shared=bool(reading)):
            return work(by_name[name], progress)

    return run_in_labs(list(by_name), work_in, at_once=at_once, done=steps.done)


def report_errors(outcomes: Outcomes[Result]) -> int:
    """Print for each lab that failed why it did, and return the exit code."""
    total = len(outcomes.errors) + len(outcomes.results)
    for lab, error in outcomes.errors.items():
        heading = f"\n{lab}:\n" if total > 1 else ""
        click.echo(f"{heading}{error.render()}", err=True)
    if outcomes.errors and total > 1:
        click.echo(f"\n{len(outcomes.errors)} of {total} labs failed", err=True)
    return outcomes.exit_code


def errors_as_data(errors: Mapping[str, LabError]) -> list[dict[str, object]]:
    """Return the failed labs as --json shows them."""
    return [{"lab": lab, **_as_data(error)} for lab, error in errors.items()]


def _as_data(error: LabError) -> dict[str, object]:
    """Return an error's facts; under `causes` those of each of several, and nothing where it is one."""
    causes = [_as_data(each) for each in error.errors] if isinstance(error, SeveralErrors) else []
    return {
        "error": error.what,
        "where": error.where,
        "log": error.log,
        "try": error.hint,
        "causes": causes,
    }
