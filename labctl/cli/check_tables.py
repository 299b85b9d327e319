"""The results of checks for a person: a row a service, and each check that did not hold in full."""

from collections.abc import Iterable, Sequence
from itertools import groupby

import click

from labctl.cli.output import print_table
from labctl.escaping import escape_line
from labctl.features.checks.report import count_outcomes
from labctl.features.checks.result import CheckResult


def print_summary(results: Iterable[CheckResult]) -> None:
    """Print a row a service with its counts and its time, then each failed or broken check in full."""
    ordered = _in_order(results)
    rows = []
    for (lab, service), of_service in groupby(ordered, lambda each: (each.lab, each.service)):
        own = list(of_service)
        counted = count_outcomes(own)
        outcome = next((each for each in ("broken", "failed", "passed", "skipped") if counted[each]), "")
        counts = [str(count or "") for count in counted.values()]
        rows.append(
            (_who(lab, service, ordered), outcome, *counts, f"{sum(each.seconds for each in own):.1f} s")
        )
    print_table(("SERVICE", "OUTCOME", *(each.upper() for each in count_outcomes([])), "TIME"), rows)
    _print_red(ordered)


def print_all(results: Iterable[CheckResult]) -> None:
    """Print a row a check, then each failed or broken one in full."""
    ordered = _in_order(results)
    rows = [(_who(each.lab, each.service, ordered), each.outcome, each.sentence) for each in ordered]
    print_table(("SERVICE", "OUTCOME", "WHAT MUST HOLD"), rows)
    _print_red(ordered)


def _in_order(results: Iterable[CheckResult]) -> list[CheckResult]:
    return sorted(results, key=lambda each: (each.lab, each.service))


def _who(lab: str, service: str, results: Sequence[CheckResult]) -> str:
    return service if lab == results[0].lab == results[-1].lab else f"{lab} {service}"


def _print_red(results: Iterable[CheckResult]) -> None:
    for each in results:
        if each.outcome in ("failed", "broken"):
            click.secho(f"\n{escape_line(each.service)}: {escape_line(each.check)}", bold=True)
            click.echo(f"  {escape_line(each.sentence)}")
            facts = (("expected", each.expected), ("got", each.got), ("hint", each.hint))
            for name, fact in facts:
                for line in fact.splitlines():
                    click.echo(f"  {name:>8}: {escape_line(line)}")
