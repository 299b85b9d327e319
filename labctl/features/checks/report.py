"""What a run of checks amounts to."""

from collections import Counter
from collections.abc import Iterable

from labctl.errors import LabError
from labctl.features.checks.result import OUTCOMES, CheckResult, broken_run


def count_outcomes(results: Iterable[CheckResult]) -> dict[str, int]:
    """Return how many results had each outcome, in a fixed order."""
    counted = Counter(each.outcome for each in results)
    return {outcome: counted[outcome] for outcome in OUTCOMES}


def lab_as_broken(lab: str, error: LabError) -> CheckResult:
    """Return what kept a lab from being checked as a broken check, which every format shows."""
    return broken_run(lab, "can_be_checked", error.what, error.render(), error.hint)


def all_well(results: Iterable[CheckResult]) -> bool:
    """Tell whether nothing failed or broke, and something passed."""
    counted = count_outcomes(results)
    return counted["passed"] > 0 and not counted["failed"] and not counted["broken"]
