"""What `up` would do, for people and for programs."""

from collections.abc import Sequence

import click

from labctl.cli.output import print_table
from labctl.features.lifecycle.up import UpReport


def outdated_words(report: UpReport) -> str:
    """Return the line about containers that are kept though their image is another than the checkout's."""
    name, count = report.lab.name, len(report.outdated)
    what = f"{name}: {count} containers keep an image that is not this checkout's"
    return f"{what}; try: labctl up {name} --upgrade"


def plan_as_data(plan: UpReport, images_to_build: Sequence[str]) -> dict[str, object]:
    """Return a plan as --json shows it."""
    return {
        "lab": plan.lab.name,
        "project": plan.lab.project,
        "dry_run": True,
        "created": dict(plan.created),
        "recreated": dict(plan.recreated),
        "kept": list(plan.kept),
        "outdated": list(plan.outdated),
        "removed": dict(plan.removed),
        "images_to_build": list(images_to_build),
    }


def print_plans(plans: Sequence[UpReport], images_to_build: Sequence[str]) -> None:
    """Print a row a service of one lab, or a row a lab of several."""
    if len(plans) == 1:
        [plan] = plans
        rows = [(service, "create", why) for service, why in plan.created.items()]
        rows += [(service, "recreate", why) for service, why in plan.recreated.items()]
        rows += [(container, "remove", why) for container, why in plan.removed.items()]
        rows += [
            (service, "keep", "its image is not this checkout's" if service in plan.outdated else "")
            for service in plan.kept
        ]
        print_table((f"{plan.lab.name}: SERVICE", "WOULD", "WHY"), rows)
    elif plans:
        figures = [
            (
                p.lab.name,
                *(str(len(each)) for each in (p.created, p.recreated, p.removed, p.kept, p.outdated)),
            )
            for p in plans
        ]
        print_table(("LAB", "CREATE", "RECREATE", "REMOVE", "KEEP", "OF OTHER IMAGES"), figures)
    for name in images_to_build:
        click.echo(f"image {name} would be built", err=True)
    click.echo("nothing was changed", err=True)
