"""labctl down."""

from pathlib import Path

import click

from labctl.cli.context import Choice, Context
from labctl.cli.each_lab import errors_as_data, in_each_lab, report_errors
from labctl.cli.options import (
    ALL_COURSES,
    all_option,
    group_option,
    json_option,
    labs_argument,
    roster_option,
)
from labctl.cli.output import print_json
from labctl.cli.progress import Steps
from labctl.engine import Progress
from labctl.errors import InputError, shown
from labctl.features.lifecycle.down import DownReport, take_down
from labctl.model import Definition

AT_ONCE = 3  # labs; removing waits for the kernel more than it works

EPILOG = """\b
Examples:
  labctl down
  labctl down ana ben
  labctl down --all
  labctl down 'monday-*'
  labctl down ana --discard-work     the learner's home goes too, and is saved first
"""


def _definition_if_any(context: Context) -> Definition | None:
    """Return the definition; None where there is none that can be read: labs are taken down without one."""
    try:
        return context.definition_as_read if context.path_if_any is not None else None
    except InputError:
        return None


@click.command("down", short_help="Take labs away; the learner's work is kept.", epilog=EPILOG)
@labs_argument
@all_option
@roster_option
@group_option
@click.option("--discard-work", is_flag=True, help="Remove the learner's home as well; it is saved first.")
@json_option
@click.pass_obj
def command(
    context: Context,
    labs: tuple[str, ...],
    every: str,
    roster: Path | None,
    group: str | None,
    discard_work: bool,
    as_json: bool,
) -> int:
    """Remove containers and networks of labs. The learner's work is kept unless --discard-work.

    Then it is saved first: labctl work list LAB shows where. Volumes without work are removed, too. A
    volume of which the Compose file does not know stays, as there may be work in it. Exit code 1 when
    something stays that was to go.
    """
    definition = context.definition_as_read if discard_work else None
    known = definition or _definition_if_any(context)
    choices = context.choose(labs, every=every, roster=roster, group=group, homes=discard_work)
    engine = context.engine

    def take(choice: Choice, progress: Progress) -> DownReport:
        return take_down(
            engine,
            choice.name,
            progress=progress,
            file=context.path_if_any,
            course=known.course if known is not None and every != ALL_COURSES else None,
            volumes_of=known,
            discard_work_of=definition,
        )

    with Steps(len(choices)) as progress:
        outcomes = in_each_lab(choices, take, progress, at_once=AT_ONCE, changing="down")
        seconds = progress.seconds
    some_left = not all(each.is_all_gone for each in outcomes.results.values())
    if as_json:
        print_json([*outcomes.results.values(), *errors_as_data(outcomes.errors)])
        return report_errors(outcomes) or int(some_left)
    for each in outcomes.results.values():
        if not (each.containers or each.networks or each.volumes or not each.is_all_gone):
            click.echo(f"{each.lab}: nothing was there")
        else:
            counts = (each.containers, "container"), (each.networks, "network"), (len(each.volumes), "volume")
            gone = ", ".join(f"{count} {what}{'s' * (count != 1)}" for count, what in counts if count)
            click.echo(f"{each.lab}: {gone or 'nothing'} removed")
        if each.saved:
            click.echo(shown(f"{each.lab}: the work in the lab's own volume is saved in {each.saved}"))
        if each.folder and discard_work:
            click.echo(shown(f"{each.lab}: its home, folder {each.folder}, stays with all that is in it"))
        for network in each.networks_left:
            click.echo(f"{each.lab}: network {network} stays, as the Engine does not let go of it")
        for volume in each.volumes_left:
            click.echo(f"{each.lab}: volume {volume} stays, as {context.path.name} does not know it")
    if outcomes.results:
        click.echo(f"done in {seconds:.1f} s", err=True)
    return report_errors(outcomes) or int(some_left)
