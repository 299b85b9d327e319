"""labctl work collect."""

from datetime import UTC, datetime
from pathlib import Path
from shlex import quote

import click

from labctl.cli.context import Choice, Context
from labctl.cli.each_lab import errors_as_data, in_each_lab, report_errors
from labctl.cli.options import all_option, group_option, json_option, labs_argument, roster_option
from labctl.cli.output import format_bytes, print_json
from labctl.cli.progress import Steps
from labctl.cli.roster_home import require_home_of_the_roster
from labctl.engine import Progress
from labctl.errors import shown
from labctl.features.work.collect import Collected, collect
from labctl.features.work.collection import CSV_FILE, JSON_FILE, Learner, render_manifests
from labctl.features.work.collection_folder import collection_folder

AT_ONCE = 2  # labs; each keeps a core busy with copying

EPILOG = """\b
Examples:
  labctl work collect submissions --roster class.yaml
  labctl work collect monday --roster class.yaml --group monday
  labctl work collect submissions ana ben --json
"""


@click.command("collect", short_help="Copy the work of labs into a folder.", epilog=EPILOG)
@click.argument("folder", metavar="FOLDER", type=click.Path(path_type=Path))
@labs_argument
@all_option
@roster_option
@group_option
@json_option
@click.pass_obj
def collect_command(
    context: Context,
    folder: Path,
    labs: tuple[str, ...],
    every: str,
    roster: Path | None,
    group: str | None,
    as_json: bool,
) -> int:
    """Bring the work of labs, up or down, into FOLDER: a folder a lab, and manifest.json and .csv beside.

    They are plain files; the manifest has person, time, size and SHA-256 of each, and what was left out and
    why: links, pipes, devices, what is too large or closed to its owner. A name that not every system takes
    is changed, and the manifest has both. Nothing that is in FOLDER is overwritten.
    Exit code 1 when a lab failed; it has no folder then, and the others do.
    """
    definition = context.definition
    choices = context.choose(labs, every=every, roster=roster, group=group, homes=True)
    engine = context.engine
    when = datetime.now(UTC).isoformat(timespec="seconds")
    place = folder.absolute()
    names = [*(each.name for each in choices), CSV_FILE, JSON_FILE]
    with collection_folder(place, names) as collection:

        def collect_one(choice: Choice, progress: Progress) -> Collected:
            again = f"labctl work collect {quote(str(folder))}"
            require_home_of_the_roster(engine, definition, choice, again)
            return collect(engine, definition, choice.name, collection, progress=progress)

        with Steps(len(choices)) as progress:
            outcomes = in_each_lab(choices, collect_one, progress, at_once=AT_ONCE, changing="work collect")
        if outcomes.results:
            learners = {each.name: Learner(each.person, each.group) for each in choices}
            manifests = render_manifests([*outcomes.results.values()], learners, outcomes.errors, when)
            for name, content in manifests.items():
                collection.write(name, content)
    if as_json:
        done = [_as_data(each, place) for each in outcomes.results.values()]
        print_json([*done, *errors_as_data(outcomes.errors)])
        return report_errors(outcomes)
    for each in outcomes.results.values():
        lacks = f", {each.left_out_count} left out" if each.left_out_count else ""
        click.echo(shown(f"{each.lab}: {len(each.files)} files, {format_bytes(each.size)}{lacks}"))
    if outcomes.results:
        click.echo(shown(f"all of it is listed in {place / JSON_FILE} and {CSV_FILE}"))
    return report_errors(outcomes)


def _as_data(each: Collected, place: Path) -> dict[str, object]:
    return {
        "lab": each.lab,
        "collected": each.when,
        "folder": place / each.lab,
        "manifest": place / JSON_FILE,
        "files": len(each.files),
        "size": each.size,
        "left_out": each.left_out_count,
    }
