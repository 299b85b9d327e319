"""labctl up."""

import os
from collections.abc import Sequence
from pathlib import Path

import click

from labctl.cli.context import Choice, Context
from labctl.cli.each_lab import errors_as_data, in_each_lab, report_errors
from labctl.cli.options import group_option, json_option, labs_argument, roster_option, service_option
from labctl.cli.output import host_addresses, print_json, print_table
from labctl.cli.profiles import chosen_profiles, with_profiles
from labctl.cli.progress import Steps
from labctl.cli.up_plan import outdated_words, plan_as_data, print_plans
from labctl.cli.up_work import settings_with_work, with_work
from labctl.engine import Progress
from labctl.escaping import escape_line
from labctl.features.classroom.host_folder import owner_of_work_folder, prepare_work_folder
from labctl.features.classroom.selection import is_pattern
from labctl.features.lifecycle.images import read_checkout_images, read_image_users
from labctl.features.lifecycle.status import LabStatus, read_statuses
from labctl.features.lifecycle.subnets import read_pools
from labctl.features.lifecycle.up import UpReport, bring_up, plan_bring_up

AT_ONCE = 2  # labs; one alone leaves a core idle now and then, more get in each other's way

EPILOG = """\b
Examples:
  labctl up
  labctl up ana ben
  labctl up --service echo --service mail
  labctl up ana --profile debug          services of a profile of the file, too
  labctl up --roster class.yaml          a class, a lab a student
  labctl up --dry-run                    what would be created, recreated, kept
  labctl up --upgrade                    the newer images of this checkout
  labctl up ana --work ./ana             a folder of this machine as the home
  labctl up ana --change-home            its own volume again; the folder and what is in it stay
"""


@click.command("up", short_help="Make labs right and wait until they answer.", epilog=EPILOG)
@labs_argument
@roster_option
@group_option
@service_option
@click.option(
    "--profile",
    "profiles",
    metavar="PROFILE",
    multiple=True,
    help="Services of this profile, too; may be given several times. The lab keeps its profiles.",
)
@click.option(
    "--work",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="This folder is the learner's home; for several labs, a folder in it for each.",
)
@click.option(
    "--dry-run", is_flag=True, help="Say what would be created, recreated and kept; change nothing."
)
@click.option("--upgrade", is_flag=True, help="Recreate what is not of the checkout's images.")
@click.option(
    "--change-home",
    is_flag=True,
    help="The home may move: to --work DIR, else to the lab's own volume. The work stays where it is.",
)
@json_option
@click.pass_obj
def command(
    context: Context,
    labs: tuple[str, ...],
    roster: Path | None,
    group: str | None,
    services: tuple[str, ...],
    profiles: tuple[str, ...],
    work: Path | None,
    dry_run: bool,
    upgrade: bool,
    change_home: bool,
    as_json: bool,
) -> int:
    """Make labs right: what is missing is created, what is broken is recreated, what runs well is unchanged.

    Brings the Docker Engine and the images too, if need be, waits until every server answers, and
    prints where each is reachable. What was interrupted is finished by the same command.

    Containers whose image is merely another one than the checkout's are kept, unless --upgrade is given.
    """
    from labctl.cli.provisioning import provide

    definition = context.definition
    chosen = context.services(services)
    wanted = chosen_profiles(context.definition, profiles, chosen, os.environ)
    read_pools(os.environ)  # refused, as all below, before anything is begun
    choices: list[Choice] = []
    if roster is not None or group is not None or not any(map(is_pattern, labs)):
        choices = context.choose(labs, roster=roster, group=group)
    if dry_run:
        choices = with_profiles(context, choices or context.choose(labs), wanted)
        return _dry_run(context, choices, work, chosen, as_json, upgrade=upgrade, change_home=change_home)
    with Steps() as progress:
        built = provide(context, progress, os.environ, [each.name for each in choices] or None)
    choices = choices or context.choose(labs)  # patterns need the Engine, which is there only now
    engine = context.engine
    choices = with_profiles(context, with_work(choices, work), wanted)
    images = read_checkout_images(engine, definition, os.environ, built)
    context.require_safe_images(read_image_users(engine, definition, images))

    def bring(choice: Choice, progress: Progress) -> UpReport:
        settings = settings_with_work(context, choice, prepare_work_folder, change_home=change_home)
        return bring_up(
            engine,
            definition,
            choice.name,
            progress=progress,
            services=chosen,
            settings=settings,
            images=images,
            upgrade=upgrade,
            change_home=change_home,
        )

    if len(choices) > 1:  # a single lab meets none
        from labctl.cli.up_limits import warn_of_limits

        warn_of_limits(context, choices, chosen)
    with Steps(len(choices)) as progress:
        outcomes = in_each_lab(choices, bring, progress, at_once=AT_ONCE, changing="up")
        seconds = progress.seconds
    reports = list(outcomes.results.values())
    shown = read_statuses(engine, definition, list(outcomes.results), memory=False)
    if as_json:
        data: list[object] = [_as_data(*each) for each in zip(reports, shown, strict=True)]
        print_json(data + errors_as_data(outcomes.errors))
        return report_errors(outcomes)
    people = {each.name: each.person for each in choices}
    for report, status in zip(reports, shown, strict=True):
        if len(reports) == 1:
            _print(report, status)
        else:
            name = report.lab.name
            who = f"{name} ({escape_line(people[name])})" if people.get(name) else name
            click.echo(f"{who}: {_counts([report])}")
    for report in reports:
        if report.outdated:
            click.echo(outdated_words(report), err=True)
    if reports:
        click.echo(f"every server answers; {_counts(reports)}, {seconds:.1f} s", err=True)
    return report_errors(outcomes)


def _counts(reports: Sequence[UpReport]) -> str:
    created = sum(len(each.created) for each in reports)
    recreated = sum(len(each.recreated) for each in reports)
    return f"{created} created, {recreated} recreated, {sum(len(each.kept) for each in reports)} unchanged"


def _dry_run(
    context: Context,
    choices: list[Choice],
    work: Path | None,
    services: frozenset[str] | None,
    as_json: bool,
    *,
    upgrade: bool,
    change_home: bool,
) -> int:
    """Say what `up` would do; the Engine is only asked."""
    images = read_checkout_images(context.engine, context.definition, os.environ)
    context.require_safe_images(read_image_users(context.engine, context.definition, images))

    def plan(choice: Choice, _tell: Progress) -> UpReport:
        return plan_bring_up(
            context.engine,
            context.definition,
            choice.name,
            services=services,
            settings=settings_with_work(context, choice, owner_of_work_folder, change_home=change_home),
            images=images,
            upgrade=upgrade,
            change_home=change_home,
        )

    choices = with_work(choices, work)
    with Steps(len(choices)) as steps:
        outcomes = in_each_lab(choices, plan, steps, at_once=AT_ONCE)
    missing = sorted(name for name, image in images.items() if image.id is None)
    if as_json:
        plans: list[object] = [plan_as_data(each, missing) for each in outcomes.results.values()]
        print_json(plans + errors_as_data(outcomes.errors))
    else:
        print_plans(list(outcomes.results.values()), missing)
    return report_errors(outcomes)


def _as_data(report: UpReport, status: LabStatus) -> dict[str, object]:
    return {
        "lab": report.lab.name,
        "project": report.lab.project,
        "made": dict(report.made),
        "created": dict(report.created),
        "recreated": dict(report.recreated),
        "removed": dict(report.removed),
        "outdated": list(report.outdated),
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
