"""labctl reset."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from labctl.cli.context import Choice, Context
from labctl.cli.each_lab import errors_as_data, in_each_lab, report_errors
from labctl.cli.lab_file import definition_of
from labctl.cli.options import (
    ALL_COURSES,
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
from labctl.errors import shown
from labctl.features.lifecycle.reset import ResetReport, reset
from labctl.features.lifecycle.state import read_state
from labctl.features.verify.pristine import Pristine

if TYPE_CHECKING:
    from labctl.features.work.discard import DiscardReport

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


@dataclass(frozen=True)
class _Outcome:
    """What became of a lab, and of the learner's work where that was to be discarded."""

    report: ResetReport
    work: "DiscardReport | None"

    @property
    def ended(self) -> tuple[str, ...]:
        """The one-off containers that were removed, and with them what ran in them."""
        return (*(self.work.ended if self.work is not None else ()), *self.report.ended)


@click.command("reset", short_help="Back to pristine; the learner's work is kept.", epilog=EPILOG)
@labs_argument
@all_option
@roster_option
@group_option
@service_option
@click.option("--hard", is_flag=True, help="Recreate every container.")
@click.option("--discard-work", is_flag=True, help="The learner's home too; it is saved first.")
@click.option("--verify", is_flag=True, help="Compare with fresh containers; recreate what differs.")
@json_option
@click.pass_obj
def command(
    context: Context,
    labs: tuple[str, ...],
    every: str,
    roster: Path | None,
    group: str | None,
    services: tuple[str, ...],
    hard: bool,
    discard_work: bool,
    verify: bool,
    as_json: bool,
) -> int:
    """Put labs back to pristine, in place, and wait until they answer. The learner's home is kept.

    Unless --discard-work is given: then it is saved first, and the result says where. A home that is a
    folder of this host is never emptied.

    In every container all processes are killed, every writable place is emptied and the server is
    started again; a container that cannot be reset so is recreated, and the result says so.
    With --verify each is then compared with a fresh one: processes, files, sockets, IPC, environment,
    limits and network; what differs is recreated, and named. What differs even then is exit code 1.
    """
    own = context.definition
    choices = context.choose(labs, every=every, roster=roster, group=group)
    chosen = context.services(services)
    engine = context.engine
    pristine = Pristine(engine) if verify else None

    def restore(choice: Choice, progress: Progress) -> _Outcome:
        name, work = choice.name, None
        definition = definition_of(context, name) if every == ALL_COURSES else own
        if discard_work and read_state(engine, name).is_there:  # if not, reset says so
            from labctl.features.work.discard import discard_work as save_and_discard  # seldom needed

            work = save_and_discard(engine, definition, name, progress=progress, lab_stays=True)
        report = reset(
            engine, definition, name, progress=progress, services=chosen, hard=hard, pristine=pristine
        )
        return _Outcome(report, work)

    with Steps(len(choices)) as progress:
        if hard or discard_work or verify:  # in place nothing new is let onto a network
            from labctl.cli.provisioning import isolate_labs

            isolate_labs(context, progress, os.environ, [each.name for each in choices])
        outcomes = in_each_lab(choices, restore, progress, at_once=AT_ONCE, changing="reset")
        seconds = progress.seconds
    all_well = all(each.report.verified is not False for each in outcomes.results.values())
    if as_json:
        print_json([*map(_as_data, outcomes.results.values()), *errors_as_data(outcomes.errors)])
        return report_errors(outcomes) or int(not all_well)
    for each in outcomes.results.values():
        click.echo("\n".join(_lines(each)))
    if outcomes.results and all_well:
        click.echo(f"pristine, and every server answers; {seconds:.2f} s", err=True)
    return report_errors(outcomes) or int(not all_well)


def _lines(outcome: _Outcome) -> Iterator[str]:
    report = outcome.report
    yield f"{report.lab.name}: {len(report.in_place)} services reset in place"
    for container in outcome.ended:
        yield f"  {container} was ended, and what ran in it"
    if outcome.work is not None:
        yield f"  {shown(_said(outcome.work))}"
    for service, why in sorted(report.made.items()):
        yield f"  {service} was recreated: {why}"
    if report.verified is False:
        for service, differences in sorted(report.differences.items()):
            yield from (f"  {service} is not pristine: {difference}" for difference in differences)


def _said(work: "DiscardReport") -> str:
    if work.outcome == "kept":
        return f"the home was left as it is: it is {work.folder} of this host, which is never emptied"
    if work.path is None:
        return "the home is new; there was nothing to save"
    return f"the home is new; what was in it is saved in {work.path}"


def _as_data(outcome: _Outcome) -> dict[str, object]:
    report = outcome.report
    return {
        "lab": report.lab.name,
        "in_place": sorted(report.in_place),
        "made": dict(report.made),
        "verified": report.verified,
        "mended": {service: list(each) for service, each in sorted(report.mended.items())},
        "differences": {service: list(each) for service, each in sorted(report.differences.items())},
        "discarded": outcome.work,
        "ended": list(outcome.ended),
    }
