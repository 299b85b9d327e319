"""labctl up."""

import os

import click

from labctl.cli.context import Context
from labctl.cli.options import json_option, labs_argument, service_option
from labctl.cli.output import host_addresses, print_json, print_table
from labctl.cli.progress import Steps
from labctl.features.lifecycle.status import LabStatus, read_status
from labctl.features.lifecycle.up import UpReport, bring_up

EPILOG = """\b
Examples:
  labctl up
  labctl up ana ben
  labctl up --service echo --service mail
"""


@click.command("up", short_help="Make labs right and wait until they answer.", epilog=EPILOG)
@labs_argument
@service_option
@json_option
@click.pass_obj
def command(context: Context, labs: tuple[str, ...], services: tuple[str, ...], as_json: bool) -> int:
    """Make labs right: whatever is missing or broken is made anew, what runs well is left alone.

    Brings the Docker Engine and the images too, if need be, waits until every server answers, and
    prints where each is reachable. What was interrupted is finished by the same command.
    """
    from labctl.cli.provisioning import provide

    names = context.labs(labs)
    chosen = context.services(services)
    with Steps() as tell:
        provide(context, tell, os.environ)
        engine, definition = context.engine, context.definition
        reports = [bring_up(engine, definition, name, tell=tell, services=chosen) for name in names]
        seconds = tell.seconds
    shown = [read_status(engine, definition, name, memory=False) for name in names]
    if as_json:
        print_json([_as_data(*each) for each in zip(reports, shown, strict=True)])
        return 0
    for report, status in zip(reports, shown, strict=True):
        _print(report, status)
    made = sum(len(report.made) for report in reports)
    kept = sum(len(report.kept) for report in reports)
    click.echo(f"every server answers; {made} made, {kept} left alone, {seconds:.1f} s", err=True)
    return 0


def _as_data(report: UpReport, status: LabStatus) -> dict[str, object]:
    return {
        "lab": report.lab.name,
        "project": report.lab.project,
        "made": dict(report.made),
        "kept": list(report.kept),
        "services": [row for row in status.services if row.state != "missing"],
    }


def _print(report: UpReport, status: LabStatus) -> None:
    definition = report.lab.definition
    rows = [
        (
            row.service,
            " ".join(row.listens),
            host_addresses(row.published),
            definition.services[row.service].summary,
        )
        for row in status.services
        if row.state != "missing"
    ]
    print_table((f"{report.lab.name}: SERVICE", "IN THE LAB", "ON THIS HOST", "WHAT IT DOES"), rows)
    for row in status.services:
        if (pages := definition.services[row.service].pages) and row.published:
            click.echo(f"{pages}: http://{row.published[0].removesuffix('/tcp')}/")
