"""labctl reset."""

import click

from labctl.cli.context import Context
from labctl.cli.options import all_option, json_option, labs_argument, service_option
from labctl.cli.output import print_json
from labctl.cli.progress import Steps
from labctl.features.lifecycle.reset import reset

EPILOG = """\b
Examples:
  labctl reset
  labctl reset ana --service mail
  labctl reset --all
"""


@click.command("reset", short_help="Back to pristine; the learner's work is kept.", epilog=EPILOG)
@labs_argument
@all_option
@service_option
@click.option("--hard", is_flag=True, help="Make every container anew (what reset does today anyway).")
@json_option
@click.pass_obj
def command(
    context: Context,
    labs: tuple[str, ...],
    every: bool,
    services: tuple[str, ...],
    hard: bool,
    as_json: bool,
) -> int:
    """Put labs back to pristine and wait until they answer. The learner's home is kept."""
    del hard
    names = context.labs(labs, every=every)
    chosen = context.services(services)
    with Steps() as tell:
        reports = [
            reset(context.engine, context.definition, name, tell=tell, services=chosen) for name in names
        ]
        seconds = tell.seconds
    if as_json:
        print_json([{"lab": each.lab.name, "reset": sorted(each.made)} for each in reports])
        return 0
    for each in reports:
        click.echo(f"{each.lab.name}: {len(each.made)} services are pristine and answer")
    click.echo(f"done in {seconds:.1f} s", err=True)
    return 0
