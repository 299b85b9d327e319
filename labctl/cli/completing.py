"""What a shell completes for labs and services; on any error it offers nothing, and stays silent."""

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import click

from labctl.cli.context import Context
from labctl.errors import LabError

ENGINE_TIMEOUT_S = 1  # someone is waiting with a half-typed word


def complete_lab(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[str]:
    """Return the labs of this course that the Engine has, and those whose work is kept."""
    return _matching(_labs(ctx), incomplete)


def complete_service(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[str]:
    """Return the services of the Compose file."""
    return _matching(_services(ctx), incomplete)


def complete_lab_or_service(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[str]:
    """Return labs for the first word, and services after it."""
    return _matching(_services(ctx) if ctx.params.get("words") else _labs(ctx), incomplete)


def _matching(words: Iterable[str], incomplete: str) -> list[str]:
    return sorted(each for each in words if each.startswith(incomplete))


def _labs(ctx: click.Context) -> list[str]:
    from labctl.docker_engine import open_engine
    from labctl.features.lifecycle.ownership import read_lab_names
    from labctl.features.work.home import find_home_volume

    context = _context(ctx)
    with suppress(LabError, OSError):
        definition = context.definition_as_read
        engine = open_engine(ENGINE_TIMEOUT_S)
        home = find_home_volume(definition)
        return read_lab_names(engine, context.path, course=definition.course, home=home)
    return []


def _services(ctx: click.Context) -> list[str]:
    with suppress(LabError, OSError):
        return list(_context(ctx).definition_as_read.services)
    return []


def _context(ctx: click.Context) -> Context:
    """Return the Compose file that the command line names so far: no verb has run yet."""
    file = ctx.find_root().params.get("file")
    return Context(Path(file) if file is not None else None)
