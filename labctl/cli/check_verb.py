"""labctl check."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from labctl.cli.check_tables import print_all, print_summary
from labctl.cli.context import Choice, Context
from labctl.cli.each_lab import errors_as_data, in_each_lab, report_errors
from labctl.cli.options import (
    all_option,
    group_option,
    json_option,
    labs_argument,
    roster_option,
    service_option,
)
from labctl.cli.output import print_json
from labctl.cli.progress import Steps
from labctl.engine import Progress
from labctl.errors import InputError
from labctl.features.checks.junit import render_junit
from labctl.features.checks.report import all_well, count_outcomes, lab_as_broken
from labctl.features.checks.result import CheckResult
from labctl.features.checks.run import FAMILIES, parse_against, run_checks
from labctl.features.checks.tap import render_tap
from labctl.features.one_off import find_running_lab
from labctl.replacing import check_place, replaced_file

AT_ONCE = 2  # labs; checks measure time now and then, and a machine that is busy grades wrongly

EPILOG = """\b
Examples:
  labctl check
  labctl check ana --service echo --service mail
  labctl check -v                                       each rule, also those that hold
  labctl check --service echo --against client:7000     a server of your own
  labctl check --family ipv6                            what asks over both by itself still does
  labctl check --junit report.xml
"""


@click.command("check", short_help="Run the conformance checks from a client container.", epilog=EPILOG)
@labs_argument
@all_option
@roster_option
@group_option
@service_option
@click.option("--against", metavar="HOST[:PORT]", help="Check this server instead of the lab's own.")
@click.option("--family", type=click.Choice(FAMILIES), help="Ask over this family alone.")
@click.option("-v", "--verbose", is_flag=True, help="A row for each check, not for each service.")
@json_option
@click.option("--tap", "as_tap", is_flag=True, help="Print the results as TAP 14.")
@click.option(
    "--junit", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False), help="Write JUnit XML."
)
@click.pass_obj
def command(
    context: Context,
    labs: tuple[str, ...],
    every: str,
    roster: Path | None,
    group: str | None,
    services: tuple[str, ...],
    against: str | None,
    family: str | None,
    verbose: bool,
    as_json: bool,
    as_tap: bool,
    junit: Path | None,
) -> int:
    """Talk to every server as a client would, and say which rules hold.

    A row for each service; each rule that does not hold is shown with what was expected and what came.
    Outcomes: passed; failed (the server's fault); skipped (it waits for a failed one); broken (the
    checker's own fault). Exit code 1 when anything failed or broke, or a lab could not be checked.
    """
    definition = context.definition
    choices = context.choose(labs, every=every, roster=roster, group=group)
    chosen = context.services(services)
    place = parse_against(against) if against is not None else None
    if place is not None and (chosen is None or len(chosen) != 1):
        raise InputError("--against needs exactly one --service", hint="--service echo")
    if as_json and as_tap:
        raise InputError("give --json or --tap, not both")
    if junit is not None:
        with _telling_of(junit):
            check_place(junit)  # before anything is run for it
    engine = context.engine

    def check(choice: Choice, progress: Progress) -> list[CheckResult]:
        lab = find_running_lab(engine, definition, choice.name)
        wanted = [s for s in lab.definition.services.values() if chosen is None or s.name in chosen]
        results: list[CheckResult] = []
        for result in run_checks(engine, lab, wanted, place, family=family):
            results.append(result)
            if steps.is_terminal or result.outcome != "passed":
                progress(f"{choice.name} {result.service} {result.check}: {result.outcome}")
        return results

    with Steps(len(choices)) as steps:
        outcomes = in_each_lab(choices, check, steps, at_once=AT_ONCE, reading="check")
        seconds = steps.seconds
    results = [each for of_lab in outcomes.results.values() for each in of_lab]
    # A wrong call judges no server; any other error that prevented a lab's check is a broken check of it.
    unchecked = {lab: error for lab, error in outcomes.errors.items() if not isinstance(error, InputError)}
    results += [lab_as_broken(lab, error) for lab, error in unchecked.items()]
    is_well = all_well(results)
    counted = count_outcomes(results)
    if as_json:
        errors = errors_as_data(outcomes.errors)
        people = {each.name: each.person for each in choices if each.person}
        who = {"people": people} if people else {}
        print_json({"well": is_well, "counts": counted, **who, "results": results, "errors": errors})
    elif as_tap:
        click.echo(render_tap(results), nl=False)
    elif outcomes.results:
        (print_all if verbose else print_summary)(results)
    counts = ", ".join(f"{count} {outcome}" for outcome, count in counted.items() if count)
    click.echo(f"{counts or 'no checks'} in {seconds:.1f} s", err=True)
    exit_code = report_errors(outcomes) or (0 if is_well else 1)
    if junit is not None:
        with _telling_of(junit), replaced_file(junit) as file:
            file.write(render_junit(results).encode())
    return exit_code


@contextmanager
def _telling_of(path: Path) -> Iterator[None]:
    """Make of the system's refusal an InputError that names the report's place."""
    try:
        yield
    except OSError as error:
        raise InputError(f"cannot be written: {error.strerror}", where=f"--junit {path}") from None
