"""labctl status."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from labctl.cli.context import Context
from labctl.cli.options import (
    ALL_COURSES,
    all_option,
    group_option,
    json_option,
    labs_argument,
    roster_option,
)
from labctl.cli.output import format_bytes, host_addresses, print_json, print_table
from labctl.escaping import escape_line
from labctl.features.lifecycle.status import LabStatus, read_statuses

if TYPE_CHECKING:
    from labctl.features.work.home import Home

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
    every: str,
    roster: Path | None,
    group: str | None,
    brief: bool,
    as_json: bool,
) -> int:
    """Show a row for each service of labs, and where the learner's home is if it is a folder of this machine.

    Exit code 1 when a service does not run as it should.
    """
    definition = context.definition_as_read
    choices = context.choose(labs, every=every, roster=roster, group=group, homes=bool(every))
    shown = read_statuses(context.engine, definition, [each.name for each in choices])
    homes = _homes(context, shown)
    kept = {each.lab: homes[each.lab].place for each in shown if not each.is_there and each.lab in homes}
    people = {each.name: each.person for each in choices if each.person}
    if as_json:
        print_json([_as_data(each, people, homes.get(each.lab)) for each in shown])
    elif brief and shown:
        _print_brief(shown, people, kept, courses=every == ALL_COURSES)
    else:
        for each in shown:
            _print(each, people.get(each.lab, ""), homes.get(each.lab))
    expected = [each for each in shown if not (every and each.lab in kept)]
    return 0 if all(each.is_healthy for each in expected) else 1


def _homes(context: Context, shown: list[LabStatus]) -> dict[str, "Home"]:
    """Return the learners' homes that there are, by lab: each is there as long as the lab is, or its work."""
    from labctl.features.work.home import find_home, find_home_volume

    definition = context.definition_as_read
    has_volume = find_home_volume(definition)
    volumes = {*context.engine.volumes({})}
    homes = {
        each.lab: find_home(definition, each.lab, each.settings)
        for each in shown
        if has_volume or (each.settings.work and definition.toolbox is not None)
    }
    return {lab: each for lab, each in homes.items() if each.is_of_the_host or each.volume in volumes}


def _as_data(status: LabStatus, people: Mapping[str, str], home: "Home | None") -> dict[str, object]:
    said: dict[str, object] = {"lab": status.lab, "course": status.course}
    if status.lab in people:
        said["person"] = people[status.lab]
    if home is not None:
        said["home"] = home.place
        if not status.is_there:
            said["kept_work"] = home.place
    return {**said, "healthy": status.is_healthy, "services": status.services}


def _print(status: LabStatus, person: str, home: "Home | None") -> None:
    if not status.is_there:
        if home is None:
            click.echo(f"{status.lab}: not up; try: labctl up {status.lab}", err=True)
        else:
            click.echo(escape_line(f"{status.lab}: down; its work is kept in {home.place}"))
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
            format_bytes(row.memory_octets),
        )
        for row in status.services
    ]
    print_table(header, rows)
    if home is not None and home.is_of_the_host:
        click.echo(escape_line(f"its home is {home.place}"))


def _print_brief(
    shown: list[LabStatus], people: Mapping[str, str], kept: Mapping[str, str], *, courses: bool
) -> None:
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
                format_bytes(sum(row.memory_octets or 0 for row in running)),
                ", ".join(others),
            )
        )
    if courses:
        whose = {each.lab: each.course for each in shown}
        header = (*header[:1], "COURSE", *header[1:])
        rows = [(row[0], whose[row[0]], *row[1:]) for row in rows]
    if people:
        header = (*header[:1], "PERSON", *header[1:])
        rows = [(row[0], people.get(row[0], ""), *row[1:]) for row in rows]
    print_table(header, rows)
