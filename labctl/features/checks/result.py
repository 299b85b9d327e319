"""What became of one check: the one form that tables, JSON, JUnit and TAP are all written from."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from math import isfinite

OUTCOMES = ("passed", "failed", "skipped", "broken")


@dataclass(frozen=True)
class CheckResult:
    """What became of one check of one lab; the fields are those of services/checking/runner.py."""

    lab: str
    service: str
    check: str
    sentence: str
    outcome: str  # passed, failed, skipped or broken
    expected: str
    got: str
    hint: str
    seconds: float


def parse_result(lab: str, told: object) -> CheckResult:
    """Return a result that the checker wrote.

    Raises:
        ValueError: it is not of the form.
    """
    names = [each.name for each in fields(CheckResult) if each.name != "lab"]
    if not isinstance(told, Mapping) or sorted(told) != sorted(names):
        raise ValueError("a result has other fields than it should")
    if not all(isinstance(told[name], str) for name in names if name != "seconds"):
        raise ValueError("a result has a field that is no text")
    seconds = told["seconds"]
    if (
        isinstance(seconds, bool)
        or not isinstance(seconds, int | float)
        or not (isfinite(seconds) and seconds >= 0)
    ):
        raise ValueError("a result has no duration")
    if told["outcome"] not in OUTCOMES:
        raise ValueError(f"a result has the outcome {told['outcome']!r}")
    return CheckResult(lab=lab, **told)


def broken_run(lab: str, check: str, sentence: str, got: str, hint: str = "") -> CheckResult:
    """Return as a broken check what concerns the run as a whole, so that no format can leave it out."""
    return CheckResult(lab, "lab", check, sentence, "broken", "", got, hint, 0.0)
