"""labctl doctor."""

import os
from typing import TYPE_CHECKING

import click

from labctl.cli.context import Context
from labctl.cli.options import json_option
from labctl.cli.output import print_json, print_table
from labctl.cli.progress import Steps

if TYPE_CHECKING:
    from labctl.features.doctor import Finding

ENGINE = "Engine"

EPILOG = """\b
Examples:
  labctl doctor
  labctl doctor --labs 30      is this machine large enough for a class?
  labctl doctor --mend         bring the Engine and the images
"""


@click.command("doctor", short_help="What is missing here, and the command that mends it.", epilog=EPILOG)
@click.option(
    "--labs", type=click.IntRange(1, 1000), default=1, metavar="N", help="For so many labs at once."
)
@click.option("--mend", is_flag=True, help="Bring the Docker Engine and the images, as up does.")
@json_option
@click.pass_obj
def command(context: Context, labs: int, mend: bool, as_json: bool) -> int:
    """Look at everything a lab stands on. Exit code 3 without a usable Engine, 1 with another lack."""
    if mend:
        return _mend(context)
    from labctl.features.doctor import examine

    findings = examine(lambda: context.engine, context.definition, os.environ, labs=labs)
    if as_json:
        print_json(findings)
    else:
        rows = [(each.name, _verdict(each), each.what, each.hint) for each in findings]
        print_table(("WHAT", "IS", "FOUND", "TYPE THIS TO MEND IT"), rows)
    lacking = {each.name for each in findings if _verdict(each) == "lacking"}
    return 3 if ENGINE in lacking else 1 if lacking else 0


def _mend(context: Context) -> int:
    from labctl.cli.provisioning import provide

    with Steps() as progress:
        provide(context, progress, os.environ)
    click.echo("the Engine answers, and the images are of today's inputs", err=True)
    return 0


def _verdict(finding: "Finding") -> str:
    if finding.ok:
        return "ok"
    return "optional" if finding.optional else "lacking"
