"""labctl status."""

from pathlib import Path

import click

from labctl.cli.context import Context
from labctl.cli.options import all_option, group_option, json_option, labs_argument, roster_option
from labctl.cli.output import host_addresses, octets, print_json, print_table
from labctl.features.lifecycle.status import LabStatus, read_statuses

EPILOG = """\b
Examples:
  labctl status
  labctl status ana
  labctl status --all --json
  labctl status --roster class.yaml --brief     a row a lab
"""


@click.command("status", short_help="A row a service: state, since when, address, memory.", epilog=EPILOG)
@labs_argument
@all_option
@roster_option
@group_option
@click.option("--brief", is_flag=True, help="A row a lab instead of a row a service.")
@json_option
@click.pass_obj
def command(
    context: Context,
    labs: tuple[str, ...],
    every: bool,
    roster: Path | None,
    group: str | None,
    brief: bool,
    as_json: bool,
) -> int:
    """Show a row for each service of labs. Exit code 1 when one does not run as it should."""
    definition = context.definition_as_read
    choices = context.choose(labs, every=every, roster=roster, group=group)
    shown = read_statuses(context.engine, definition, [each.name for each in choices])
    if as_json:
        print_json([_as_data(each) for each in shown])
    elif brief and shown:
        _print_brief(shown)
    else:
        for each in shown:
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


def _print_brief(shown: list[LabStatus]) -> None:
    header = ("LAB", "STATE", "RUNNING", "SINCE", "MEMORY", "NOT RUNNING")
    rows = []
    for status in shown:
        running = [row for row in status.services if row.state == "running"]
        others = [f"{row.service} {row.state}" for row in status.services if row.state != "running"]
        if not status.is_there:
            rows.append((status.lab, "missing", "", "", "", ""))
            continue
        rows.append(
            (
                status.lab,
                "running" if not others else "failed",
                f"{len(running)} of {len(status.services)}",
                running[0].since if running else "",
                octets(sum(row.memory_octets or 0 for row in running)),
                ", ".join(others),
            )
        )
    print_table(header, rows)
