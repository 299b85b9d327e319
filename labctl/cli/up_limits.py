"""The kernel's limits that a class of labs would meet, as warnings before it is brought up."""

import os

import click

from labctl.cli.context import Choice, Context
from labctl.features.doctor.limits import examine_limits
from labctl.features.lifecycle.counting import count_containers


def warn_of_limits(context: Context, choices: list[Choice], services: frozenset[str] | None) -> None:
    """Name the limits that all containers together would meet, where they are this machine's."""
    if os.environ.get("DOCKER_HOST"):
        return
    labs = {each.name: each.settings for each in choices}
    containers = count_containers(context.engine, context.definition, labs, services)
    for each in examine_limits(containers=containers):
        if not each.ok:
            click.echo(f"warning: {each.what}\n    try: {each.hint}", err=True)
