"""labctl roster."""

from pathlib import Path

import click

from labctl.cli.context import Context
from labctl.cli.options import group_option, json_option
from labctl.cli.output import print_json, print_table

EPILOG = """\b
Examples:
  labctl roster show class.yaml
  labctl roster show moodle-export.csv       which learner has which lab
  labctl up --roster moodle-export.csv
"""


@click.group("roster", short_help="Which labs a class has, and whose they are.", epilog=EPILOG)
def command() -> None:
    """Read a roster: YAML or CSV, also as Moodle, Canvas, GitHub Classroom or a spreadsheet exports it.

    Of an exported roster the labs' names are derived from login, e-mail or name, and written down beside
    it, in FILE.labs.csv: so they stay the same when people are added. A column `lab` says another name.
    """


@command.command("show", short_help="A row a lab: its name, its person, its group.", epilog=EPILOG)
@click.argument("roster", metavar="FILE", type=click.Path(path_type=Path))
@group_option
@json_option
@click.pass_obj
def show_command(context: Context, roster: Path, group: str | None, as_json: bool) -> int:
    """Show the labs of a roster; whatever is wrong in it is named at once, each with its line."""
    choices = context.choose((), roster=roster, group=group)
    if as_json:
        print_json([{"lab": each.name, "person": each.person, "group": each.group} for each in choices])
    else:
        rows = [(each.name, each.person, each.group) for each in choices]
        print_table(("LAB", "PERSON", "GROUP"), rows)
    return 0
