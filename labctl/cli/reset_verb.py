"""labctl reset."""

import os
from pathlib import Path

import click

from labctl.cli.across import errors_as_data, in_each_lab, tell_errors
from labctl.cli.context import Choice, Context
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
from labctl.features.lifecycle.reset import ResetReport, reset
from labctl.features.verify.pristine import Pristine

AT_ONCE = 4  # labs

EPILOG = """\b
Examples:
  labctl reset
  labctl reset ana --service mail
  labctl reset --all
  labctl reset ana --verify
  labctl reset ana --discard-work     as on the first day
  labctl reset --roster class.yaml --group monday
"""


@click.command("reset", short_help="Back to pristine; the learner's work is kept.", epilog=EPILOG)
@labs_argument
@all_option
@roster_option
@group_option
@service_option
@click.option("--hard", is_flag=True, help="Make every container anew.")
@click.option("--discard-work", is_flag=True, help="The learner's home too; it is saved first.")
@click.option("--verify", is_flag=True, help="Compare with fresh containers; make anew what differs.")
@json_option
@click.pass_obj
def command(
    context: Context,
    labs: tuple[str, ...],
    every: bool,
    roster: Path | None,
    group: str | None,
    services: tuple[str, ...],
    hard: bool,
    discard_work: bool,
    verify: bool,
    as_json: bool,
) -> int:
    """Put labs back to pristine, in place, and wait until they answer. The learner's home is kept.

    Unless --discard-work is given: then it is saved first, and `labctl work list LAB` tells where.

    In every container all processes are killed, every writable place is emptied and the server is
    started again; a container in which that does not come about is made anew, and the result says so.
    With --verify each is then compared with a fresh one: processes, files, sockets, IPC, environment,
    limits and network; what differs is made anew, and named. What differs even then is exit code 1.
    """
    choices = context.choose(labs, every=every, roster=roster, group=group)
    chosen = context.services(services)
    engine, definition = context.engine, context.definition
    pristine = Pristine(engine) if verify else None

    def restore(choice: Choice, tell: Progress) -> ResetReport:
        if discard_work:
            from labctl.features.work.discard import discard_work as save_and_discard  # seldom needed

            save_and_discard(engine, definition, choice.name, tell=tell)
        return reset(
            engine, definition, choice.name, tell=tell, services=chosen, hard=hard, pristine=pristine
        )

    with Steps(len(choices)) as tell:
        if hard or discard_work or verify:  # in place nothing new is let onto a network
            from labctl.cli.provisioning import shut_borders

            shut_borders(context, tell, os.environ, [each.name for each in choices])
        outcomes = in_each_lab(choices, restore, tell, at_once=AT_ONCE, changing="reset")
        seconds = tell.seconds
    all_well = all(each.verified is not False for each in outcomes.results.values())
    if as_json:
        print_json([*map(_as_data, outcomes.results.values()), *errors_as_data(outcomes.errors)])
        return outcomes.exit_code or int(not all_well)
    for each in outcomes.results.values():
        made = "".join(f"\n  {service} was made anew: {why}" for service, why in sorted(each.made.items()))
        click.echo(f"{each.lab.name}: {len(each.in_place)} services reset in place{made}")
        if each.verified is False:
            click.echo(_differences(each))
    if outcomes.results and all_well:
        click.echo(f"pristine, and every server answers; {seconds:.2f} s", err=True)
    return tell_errors(outcomes) or int(not all_well)


def _differences(report: ResetReport) -> str:
    lines = [
        f"  {service} is not pristine: {difference}"
        for service, differences in sorted(report.differences.items())
        for difference in differences
    ]
    return "\n".join(lines)


def _as_data(report: ResetReport) -> dict[str, object]:
    return {
        "lab": report.lab.name,
        "in_place": sorted(report.in_place),
        "made": dict(report.made),
        "verified": report.verified,
        "differences": {service: list(each) for service, each in sorted(report.differences.items())},
    }
