"""labctl down."""

import click

from labctl.cli.context import Context
from labctl.cli.options import all_option, json_option, labs_argument
from labctl.cli.output import print_json
from labctl.cli.progress import Steps
from labctl.features.lifecycle.down import take_down

EPILOG = """\b
Examples:
  labctl down
  labctl down ana ben
  labctl down --all
  labctl down ana --discard-work     the learner's home goes too
"""


@click.command("down", short_help="Take labs away; the learner's work is kept.", epilog=EPILOG)
@labs_argument
@all_option
@click.option("--discard-work", is_flag=True, help="Remove the learner's home as well.")
@json_option
@click.pass_obj
def command(context: Context, labs: tuple[str, ...], every: bool, discard_work: bool, as_json: bool) -> int:
    """Remove containers and networks of labs. The learner's work is kept unless --discard-work."""
    names = context.labs(labs, every=every)
    with Steps() as tell:
        reports = [take_down(context.engine, name, discard_work=discard_work, tell=tell) for name in names]
        seconds = tell.seconds
    if as_json:
        print_json(reports)
        return 0
    for each in reports:
        if not (each.containers or each.networks or each.volumes):
            click.echo(f"{each.lab}: nothing was there")
        else:
            work = f", {len(each.volumes)} volumes" if each.volumes else ""
            click.echo(f"{each.lab}: {each.containers} containers, {each.networks} network{work} removed")
    click.echo(f"done in {seconds:.1f} s", err=True)
    return 0
