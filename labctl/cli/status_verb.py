"""labctl status."""

import click

from labctl.cli.context import Context
from labctl.cli.options import all_option, json_option, labs_argument
from labctl.cli.output import host_addresses, octets, print_json, print_table
from labctl.features.lifecycle.status import LabStatus, read_status

EPILOG = """\b
Examples:
  labctl status
  labctl status ana
  labctl status --all --json
"""


@click.command("status", short_help="A row a service: state, since when, address, memory.", epilog=EPILOG)
@labs_argument
@all_option
@json_option
@click.pass_obj
def command(context: Context, labs: tuple[str, ...], every: bool, as_json: bool) -> int:
    """Show a row for each service of labs. Exit code 1 when one does not run as it should."""
    names = context.labs(labs, every=every)
    shown = [read_status(context.engine, context.definition, name) for name in names]
    if as_json:
        print_json([_as_data(each) for each in shown])
    elif not shown:
        click.echo("no lab is up; try: labctl up", err=True)
    for each in shown if not as_json else []:
        _print(each)
    return 0 if all(each.is_healthy for each in shown) else 1


def _as_data(status: LabStatus) -> dict[str, object]:
    return {"lab": status.lab, "healthy": status.is_healthy, "services": status.services}


def _print(status: LabStatus) -> None:
    if not status.is_there:
        click.echo(f"{status.lab}: not up; try: labctl up {status.lab}", err=True)
        return
    header = (f"{status.lab}: SERVICE", "STATE", "SINCE", "IPV4", "IPV6", "ON THIS HOST", "MEMORY")
    rows = [
        (
            row.service,
            row.state,
            row.since,
            row.ipv4,
            row.ipv6,
            host_addresses(row.published),
            octets(row.memory_octets),
        )
        for row in status.services
    ]
    print_table(header, rows)
