"""labctl reset."""

import click

from labctl.cli.context import Context
from labctl.cli.options import all_option, json_option, labs_argument, service_option
from labctl.cli.output import print_json
from labctl.cli.progress import Steps
from labctl.features.lifecycle.reset import ResetReport, reset

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
@click.option("--hard", is_flag=True, help="Make every container anew.")
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
    """Put labs back to pristine, in place, and wait until they answer. The learner's home is kept.

    In every container all processes are killed, every writable place is emptied and the server is
    started again; a container in which that does not come about is made anew, and the result says so.
    """
    names = context.labs(labs, every=every)
    chosen = context.services(services)
    engine, definition = context.engine, context.definition
    with Steps() as tell:
        reports = [reset(engine, definition, name, tell=tell, services=chosen, hard=hard) for name in names]
        seconds = tell.seconds
    if as_json:
        print_json([_as_data(each) for each in reports])
        return 0
    for each in reports:
        made = "".join(f"\n  {service} was made anew: {why}" for service, why in sorted(each.made.items()))
        click.echo(f"{each.lab.name}: {len(each.in_place)} services reset in place{made}")
    click.echo(f"pristine, and every server answers; {seconds:.2f} s", err=True)
    return 0


def _as_data(report: ResetReport) -> dict[str, object]:
    return {"lab": report.lab.name, "in_place": sorted(report.in_place), "made": dict(report.made)}
