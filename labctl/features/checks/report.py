"""What a run of checks amounts to."""

from collections import Counter
from collections.abc import Iterable

from labctl.errors import LabError
from labctl.features.checks.run import CheckResult

OUTCOMES = ("passed", "failed", "skipped", "broken")


def count_outcomes(results: Iterable[CheckResult]) -> dict[str, int]:
    """Return how many results had each outcome, in a fixed order."""
    counted = Counter(each.outcome for each in results)
    return {outcome: counted[outcome] for outcome in OUTCOMES}


def lab_as_broken(lab: str, error: LabError) -> CheckResult:
    """Return what kept a lab from being checked as a broken check, for formats that know only checks."""
    return CheckResult(
        lab=lab,
        service="lab",
        check="can_be_checked",
        sentence=error.what,
        outcome="broken",
        expected="",
        got=error.render(),
        hint=error.hint,
        seconds=0.0,
    )


def all_well(results: Iterable[CheckResult]) -> bool:
    """Tell whether nothing failed or broke, and something passed."""
    counted = count_outcomes(results)
    return counted["passed"] > 0 and not counted["failed"] and not counted["broken"]
