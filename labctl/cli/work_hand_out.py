"""labctl work hand-out."""

from pathlib import Path
from shlex import quote

import click

from labctl.cli.context import Choice, Context
from labctl.cli.each_lab import errors_as_data, in_each_lab, report_errors
from labctl.cli.options import all_option, group_option, json_option, labs_argument, roster_option
from labctl.cli.output import print_json
from labctl.cli.progress import Steps
from labctl.cli.roster_home import require_home_of_the_roster
from labctl.engine import Progress
from labctl.errors import shown
from labctl.features.work.hand_out import HandOutReport, hand_out, packed

AT_ONCE = 4  # labs; a container each is started
NAMED = 3

EPILOG = """\b
Examples:
  labctl work hand-out starter --roster class.yaml
  labctl work hand-out starter --roster class.yaml --group monday
  labctl work hand-out starter ana ben --json
"""


@click.command("hand-out", short_help="Put starter files into homes.", epilog=EPILOG)
@click.argument("folder", metavar="FOLDER", type=click.Path(path_type=Path))
@labs_argument
@all_option
@roster_option
@group_option
@json_option
@click.pass_obj
def hand_out_command(
    context: Context,
    folder: Path,
    labs: tuple[str, ...],
    every: str,
    roster: Path | None,
    group: str | None,
    as_json: bool,
) -> int:
    """Put what is in FOLDER into the home of each lab, up or down, as the learner's own files.

    What a learner has stays as it is and is named; folders are merged. Links and devices in FOLDER are
    refused before any lab is touched. Exit code 1 when a lab failed; the others have the files,
    and the same again does the rest.
    """
    definition = context.definition
    with packed(folder) as starter:
        choices = context.choose(labs, every=every, roster=roster, group=group, homes=True)
        engine = context.engine

        def hand_out_one(choice: Choice, progress: Progress) -> HandOutReport:
            again = f"labctl work hand-out {quote(str(folder))}"
            require_home_of_the_roster(engine, definition, choice, again)
            return hand_out(engine, definition, choice.name, starter, progress=progress)

        with Steps(len(choices)) as progress:
            outcomes = in_each_lab(choices, hand_out_one, progress, at_once=AT_ONCE, changing="work hand-out")
    if as_json:
        print_json([*outcomes.results.values(), *errors_as_data(outcomes.errors)])
        return report_errors(outcomes)
    for each in outcomes.results.values():
        click.echo(shown(f"{each.lab}: {_said(each)}"))
    return report_errors(outcomes)


def _said(report: HandOutReport) -> str:
    new = f"{report.created} new file{'s' * (report.created != 1)}"
    if not report.kept_count:
        return new
    names = ", ".join(report.kept[:NAMED])
    more = f" and {report.kept_count - NAMED} more" if report.kept_count > NAMED else ""
    return f"{new}; {report.kept_count} there already, kept as they are: {names}{more}"
