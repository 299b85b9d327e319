"""labctl work."""

import os
import signal
import sys
from pathlib import Path
from shlex import quote

import click

from labctl.cli.context import Choice, Context
from labctl.cli.each_lab import errors_as_data, in_each_lab, report_errors
from labctl.cli.options import (
    all_option,
    group_option,
    json_option,
    lab_argument,
    labs_argument,
    offered,
    roster_option,
)
from labctl.cli.output import format_bytes, print_json, print_table
from labctl.cli.progress import Steps
from labctl.cli.roster_home import require_home_of_the_roster
from labctl.cli.work_collect import collect_command
from labctl.cli.work_hand_out import hand_out_command
from labctl.engine import Progress
from labctl.errors import InputError, shown
from labctl.features.classroom.lab_lock import lab_lock
from labctl.features.work.export import export, place_in
from labctl.features.work.restore import LATEST, RestoreReport, find_snapshot, restore
from labctl.features.work.save import SaveReport, save
from labctl.features.work.store import VARIABLE, Stored, newest_first, snapshots_folder
from labctl.model import DEFAULT_LAB

INTERRUPTED = 128 + signal.SIGINT  # as shells count
AT_ONCE = 2  # labs; each keeps a core busy with packing

EPILOG = f"""\b
Examples:
  labctl work save ana
  labctl work list ana
  labctl work restore ana                       the latest snapshot
  labctl work export ana ana.tar                for another machine; there:
  labctl work restore ana ana.tar
  labctl work hand-out starter --roster class.yaml
  labctl work collect submissions --roster class.yaml

\b
Snapshots are kept in ${VARIABLE}/LAB, else in ~/.local/share/labctl/work/LAB. Each is a tar
that any tar unpacks; none is ever removed by labctl. Sockets are not kept.
"""
SAVE_EPILOG = """\b
Examples:
  labctl work save
  labctl work save ana ben
  labctl work save --roster class.yaml
"""
LIST_EPILOG = """\b
Examples:
  labctl work list
  labctl work list ana --json
"""
RESTORE_EPILOG = """\b
Examples:
  labctl work restore ana
  labctl work restore ana 2026-11-21T031447.120931Z
  labctl work restore ben /media/stick/ana.tar
"""
EXPORT_EPILOG = """\b
Examples:
  labctl work export ana /media/stick/ana.tar
  labctl work export ana ana.tar --snapshot latest --force
  labctl work export ana - | ssh elsewhere 'cat > ana.tar'
  labctl work export --roster class.yaml backups
"""


@click.group(
    "work",
    short_help="The learner's home: save, list, restore, export, hand-out, collect.",
    epilog=EPILOG,
    no_args_is_help=False,
)
def command() -> None:
    """Save the learner's home of a lab and bring it back; hand files out, and collect a class's work."""


command.add_command(hand_out_command)
command.add_command(collect_command)


@command.command("save", short_help="Save the home of labs.", epilog=SAVE_EPILOG)
@labs_argument
@all_option
@roster_option
@group_option
@json_option
@click.pass_obj
def save_command(
    context: Context,
    labs: tuple[str, ...],
    every: str,
    roster: Path | None,
    group: str | None,
    as_json: bool,
) -> int:
    """Save the learner's home of labs, whether they are up, stopped or down.

    A home in which there is nothing of the learner's, or that is as the last snapshot has it, is not
    saved again. --all and patterns mean labs of which only the home is left, too. Exit code 1 where there is
    nothing to save though an earlier snapshot has work, or the home is not where the roster says.
    """
    definition = context.definition
    choices = context.choose(labs, every=every, roster=roster, group=group, homes=True)
    engine = context.engine

    def save_one(choice: Choice, progress: Progress) -> SaveReport:
        require_home_of_the_roster(engine, definition, choice, "labctl work save")
        return save(engine, definition, choice.name, progress=progress)

    with Steps(len(choices)) as progress:
        outcomes = in_each_lab(choices, save_one, progress, at_once=AT_ONCE, changing="work save")
    some_lack = any(each.expected for each in outcomes.results.values())
    if as_json:
        print_json([*outcomes.results.values(), *errors_as_data(outcomes.errors)])
        return report_errors(outcomes) or int(some_lack)
    for each in outcomes.results.values():
        click.echo(shown(f"{each.lab}: {_said(each)}"))
    return report_errors(outcomes) or int(some_lack)


def _said(report: SaveReport) -> str:
    if report.outcome == "empty":
        lacks = f", though {report.expected} has work: labctl work restore {report.lab}"
        return f"there is nothing to save{lacks if report.expected else ''}"
    if report.outcome == "same":
        return f"nothing has changed since {report.snapshot}"
    contents = report.contents
    return f"saved {contents.entries} entries, {format_bytes(contents.octets)}, as {report.snapshot}"


@command.command("list", short_help="What has been saved.", epilog=LIST_EPILOG)
@click.argument("lab", metavar="[LAB]", default=DEFAULT_LAB, shell_complete=offered("complete_lab"))
@json_option
@click.pass_obj
def list_command(context: Context, lab: str, as_json: bool) -> int:
    """List the snapshots of a lab, oldest first, each read from end to end: a damaged one is marked.

    `restore` takes the last one, save those made before a restore.
    """
    name = context.lab(lab)
    folder = snapshots_folder(os.environ, name)
    known = [*newest_first(folder)][::-1]
    if as_json:
        print_json([_as_data(each) for each in known])
    elif known:
        header = ("SNAPSHOT", "STATE", "WHY", "ENTRIES", "SIZE", "STORED", "WHERE")
        print_table(header, [_row(each) for each in known])
    else:
        click.echo(shown(f"{name}: nothing is saved in {folder}"), err=True)
    return 0


def _row(stored: Stored) -> tuple[str, ...]:
    manifest, name, path = stored.manifest, shown(stored.name), shown(str(stored.path))
    if manifest is None:
        return (name, "damaged", shown(stored.damage), "", "", format_bytes(stored.stored_octets), path)
    contents = manifest.contents
    sizes = (str(contents.entries), format_bytes(contents.octets), format_bytes(stored.stored_octets))
    return (name, "ok", manifest.reason, *sizes, path)


def _as_data(stored: Stored) -> dict[str, object]:
    manifest = stored.manifest
    return {
        "name": stored.name,
        "state": "damaged" if manifest is None else "ok",
        "damage": stored.damage,
        "stored_octets": stored.stored_octets,
        "path": stored.path,
        "manifest": manifest,
    }


@command.command("restore", short_help="Put a snapshot in the home's place.", epilog=RESTORE_EPILOG)
@lab_argument
@click.argument("snapshot", metavar="[SNAPSHOT|FILE]", default=LATEST)
@json_option
@click.pass_obj
def restore_command(context: Context, lab: str, snapshot: str, as_json: bool) -> int:
    """Make the learner's home what a snapshot holds: by its name, or from a file; by default the latest.

    The snapshot is checked first; a damaged one changes nothing. What is in the home is saved before it
    is emptied. Programs that run in the toolbox end. Interrupted, the same command finishes it.
    """
    name = context.lab(lab)
    path = find_snapshot(name, snapshot)
    definition, engine = context.definition, context.engine
    try:
        with Steps() as progress, lab_lock(name, f"labctl work restore {name}", progress):
            report = restore(engine, definition, name, path, progress=progress)
    except KeyboardInterrupt:
        # By its name: after a restore that was interrupted, the latest may be another.
        again = f"labctl work restore {name} {quote(path.stem if snapshot == LATEST else snapshot)}"
        click.echo(shown(f"interrupted; the home may be half filled; this finishes it: {again}"), err=True)
        return INTERRUPTED
    if as_json:
        print_json(report)
    else:
        _print_restored(report)
    return 0


def _print_restored(report: RestoreReport) -> None:
    manifest, before = report.manifest, report.before
    for container in report.ended:
        click.echo(f"{report.lab}: {container} was ended, and what ran in it")
    if before is not None and before.contents == manifest.contents:
        click.echo(f"{report.lab}: the home was as {shown(report.path.name)} has it already")
        return
    click.echo(
        f"{report.lab}: restored {manifest.contents.entries} entries, lab {manifest.lab}, {manifest.time}"
    )
    if before is not None and before.snapshot:
        click.echo(f"{report.lab}: what was there before is kept as {shown(before.snapshot)}")
    if not report.is_up:
        click.echo(f"the lab is not up; try: labctl up {report.lab}", err=True)


@command.command("export", short_help="Write snapshots to files.", epilog=EXPORT_EPILOG)
@click.argument("words", metavar="[LAB]... FILE|FOLDER|-", nargs=-1, required=True)
@roster_option
@group_option
@click.option("--snapshot", metavar="SNAPSHOT", help="An earlier one, or `latest`  [default: save now]")
@click.option("--force", is_flag=True, help="Overwrite the file.")
@json_option
@click.pass_obj
def export_command(
    context: Context,
    words: tuple[str, ...],
    roster: Path | None,
    group: str | None,
    snapshot: str | None,
    force: bool,
    as_json: bool,
) -> int:
    """Write a snapshot to FILE, to be carried to another machine and given to `restore` there.

    Into a FOLDER that exists it is written as LAB.tar, of several labs a file each; `-` is standard output.
    """
    *labs, target = words
    if not labs and roster is None:
        raise InputError("give a lab and a file", hint=f"labctl work export {DEFAULT_LAB} {quote(target)}")
    definition = context.definition
    choices = context.choose(labs, roster=roster, group=group, homes=True)
    several = len(choices) > 1
    stream = sys.stdout.buffer if target == "-" else None
    if stream is not None and (several or as_json or stream.isatty()):
        raise InputError("standard output takes one snapshot, and is no terminal then", hint="> FILE")
    files = {each.name: place_in(Path(target), each.name, several=several) for each in choices}
    engine = context.engine

    def export_one(choice: Choice, progress: Progress) -> Path:
        to = stream or files[choice.name]
        return export(
            engine, definition, choice.name, to, progress=progress, snapshot=snapshot, overwrite=force
        )

    with Steps(len(choices)) as progress:
        outcomes = in_each_lab(choices, export_one, progress, at_once=AT_ONCE, changing="work export")
    exported = [
        {"lab": lab, "snapshot": source, "file": files[lab]} for lab, source in outcomes.results.items()
    ]
    if as_json and (several or exported):
        print_json([*exported, *errors_as_data(outcomes.errors)] if several else exported[0])
    elif stream is None:
        for lab, source in outcomes.results.items():
            click.echo(shown(f"{lab}: {source.name} is in {files[lab]}"))
    return report_errors(outcomes)
