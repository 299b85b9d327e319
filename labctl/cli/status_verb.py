"""labctl status."""

from collections.abc import Mapping
from pathlib import Path

import click

from labctl.cli.context import Context
from labctl.cli.options import all_option, group_option, json_option, labs_argument, roster_option
from labctl.cli.output import host_addresses, octets, print_json, print_table
from labctl.escaping import escape_line
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
    choices = context.choose(labs, every=every, roster=roster, group=group, homes=every)
    shown = read_statuses(context.engine, definition, [each.name for each in choices])
    kept = _kept_work(context, shown) if every else {}
    people = {each.name: each.person for each in choices if each.person}
    if as_json:
        print_json([_as_data(each, people, kept) for each in shown])
    elif brief and shown:
        _print_brief(shown, people, kept)
    else:
        for each in shown:
            _print(each, people.get(each.lab, ""), kept.get(each.lab, ""))
    return 0 if all(each.is_healthy for each in shown if each.lab not in kept) else 1


def _kept_work(context: Context, shown: list[LabStatus]) -> dict[str, str]:
    """Return the labs that are down and of which only the learner's work is left, each with where it is."""
    from labctl.features.lifecycle.state import read_state
    from labctl.features.work.home import find_home

    kept: dict[str, str] = {}
    for each in shown:
        if not each.is_there and context.definition_as_read.toolbox is not None:
            home = find_home(
                context.definition_as_read, each.lab, read_state(context.engine, each.lab).settings
            )
            if home.is_there(context.engine):
                kept[each.lab] = home.place
    return kept


def _as_data(status: LabStatus, people: Mapping[str, str], kept: Mapping[str, str]) -> dict[str, object]:
    who = {"person": people[status.lab]} if status.lab in people else {}
    who |= {"kept_work": kept[status.lab]} if status.lab in kept else {}
    return {"lab": status.lab, **who, "healthy": status.is_healthy, "services": status.services}


def _print(status: LabStatus, person: str, kept: str) -> None:
    if kept:
        click.echo(escape_line(f"{status.lab}: down; its work is kept in {kept}"))
        return
    if not status.is_there:
        click.echo(f"{status.lab}: not up; try: labctl up {status.lab}", err=True)
        return
    who = f"{status.lab} ({escape_line(person)})" if person else status.lab
    header = (f"{who}: SERVICE", "STATE", "SINCE", "IPV4", "IPV6", "ON THIS HOST", "MEMORY")
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


def _print_brief(shown: list[LabStatus], people: Mapping[str, str], kept: Mapping[str, str]) -> None:
    header: tuple[str, ...] = ("LAB", "STATE", "RUNNING", "SINCE", "MEMORY", "NOT RUNNING")
    rows: list[tuple[str, ...]] = []
    for status in shown:
        running = [row for row in status.services if row.state == "running"]
        others = [f"{row.service} {row.state}" for row in status.services if row.state != "running"]
        if not status.is_there:
            where = f"its work is kept in {kept[status.lab]}" if status.lab in kept else ""
            rows.append((status.lab, "down" if where else "missing", "", "", "", where))
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
    if people:
        header = (*header[:1], "PERSON", *header[1:])
        rows = [(row[0], people.get(row[0], ""), *row[1:]) for row in rows]
    print_table(header, rows)
