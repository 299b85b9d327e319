"""labctl check."""

from pathlib import Path

import click

from labctl.cli.context import Context
from labctl.cli.options import all_option, json_option, labs_argument, service_option
from labctl.cli.output import print_json, print_table
from labctl.cli.progress import Steps
from labctl.errors import InputError
from labctl.features.checks.junit import render_junit
from labctl.features.checks.report import all_well, count_outcomes
from labctl.features.checks.run import CheckResult, parse_against, run_checks
from labctl.features.checks.tap import render_tap
from labctl.features.one_off import find_running_lab

EPILOG = """\b
Examples:
  labctl check
  labctl check ana --service echo --service mail
  labctl check --service echo --against client:7000     a server of your own
  labctl check --junit report.xml
"""


@click.command("check", short_help="Run the conformance checks from a client container.", epilog=EPILOG)
@labs_argument
@all_option
@service_option
@click.option("--against", metavar="HOST[:PORT]", help="Check this server instead of the lab's own.")
@json_option
@click.option("--tap", "as_tap", is_flag=True, help="Print the results as TAP 14.")
@click.option(
    "--junit", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False), help="Write JUnit XML."
)
@click.pass_obj
def command(
    context: Context,
    labs: tuple[str, ...],
    every: bool,
    services: tuple[str, ...],
    against: str | None,
    as_json: bool,
    as_tap: bool,
    junit: Path | None,
) -> int:
    """Talk to every server as a client would, and say which rules hold.

    Outcomes: passed; failed (the server's fault); skipped (it waits for a failed one); broken (the
    checker's own fault). Exit code 1 when anything failed or broke.
    """
    names = context.labs(labs, every=every)
    chosen = context.services(services)
    place = parse_against(against) if against is not None else None
    if place is not None and (chosen is None or len(chosen) != 1):
        raise InputError("--against needs exactly one --service", hint="--service echo")
    if as_json and as_tap:
        raise InputError("give --json or --tap, not both")
    if junit is not None and not junit.absolute().parent.is_dir():
        raise InputError("its folder does not exist", where=f"--junit {junit}")
    results: list[CheckResult] = []
    with Steps() as tell:
        for name in names:
            lab = find_running_lab(context.engine, context.definition, name)
            wanted = [s for s in lab.definition.services.values() if chosen is None or s.name in chosen]
            for result in run_checks(context.engine, lab, wanted, place):
                results.append(result)
                if tell.is_terminal or result.outcome != "passed":
                    tell(f"{name} {result.service} {result.check}: {result.outcome}")
        seconds = tell.seconds
    if junit is not None:
        junit.write_text(render_junit(results))
    if as_json:
        print_json({"well": all_well(results), "counts": count_outcomes(results), "results": results})
    elif as_tap:
        click.echo(render_tap(results), nl=False)
    else:
        _print(results)
    counts = ", ".join(f"{count} {outcome}" for outcome, count in count_outcomes(results).items() if count)
    click.echo(f"{counts or 'no checks'} in {seconds:.1f} s", err=True)
    return 0 if all_well(results) else 1


def _print(results: list[CheckResult]) -> None:
    """Print a row a check, then what each failed one expected and got, in full."""
    several = len({each.lab for each in results}) > 1
    rows = [
        (f"{each.lab} {each.service}" if several else each.service, each.outcome, each.sentence)
        for each in sorted(results, key=lambda each: (each.lab, each.service))
    ]
    print_table(("SERVICE", "OUTCOME", "WHAT MUST HOLD"), rows)
    for each in results:
        if each.outcome in ("failed", "broken"):
            click.secho(f"\n{each.service}: {each.check}", bold=True)
            click.echo(f"  {each.sentence}")
            facts = (("expected", each.expected), ("got", each.got), ("hint", each.hint))
            for name, fact in facts:
                for line in fact.splitlines():
                    click.echo(f"  {name:>8}: {line}")
