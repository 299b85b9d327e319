"""Brings what every lab stands on: an Engine that answers, images of today's inputs, isolation."""

from collections.abc import Mapping, Sequence

import click

from labctl.cli.context import Context
from labctl.engine import Progress
from labctl.errors import UnhealthyError
from labctl.features.isolation import ensure_isolation
from labctl.features.provision.engine_start import ensure_engine
from labctl.features.provision.images import Image, ensure_images
from labctl.model import DEFAULT_LAB

OPEN_BORDERS = "LABCTL_OPEN_BORDERS"  # set to 1 by who would rather have open labs than none


def provide(
    context: Context, progress: Progress, environ: Mapping[str, str], labs: Sequence[str] | None = None
) -> dict[str, Image]:
    """Start the Engine, build the images and isolate the labs; what is done already costs next to nothing.

    Args:
        context: the Compose file and the Engine.
        progress: called with each step, in words.
        environ: where LABCTL_ variables are looked for.
        labs: those that will be brought up; None: any.

    Returns:
        The images of the checkout, by the names that the file has for them.

    Raises:
        EngineUnavailableError: there is no usable Engine, and none may be brought.
        EngineError: an image could not be made.
        UnhealthyError: the labs cannot be isolated.
    """
    definition = context.definition  # a file that cannot be used is refused before anything begins
    ensure_engine(progress, environ)
    builds = {s.image: s.build for s in definition.services.values() if s.build is not None}
    images = ensure_images(context.engine, builds.items(), progress, environ)
    isolate_labs(context, progress, environ, labs)
    return images


def isolate_labs(
    context: Context, progress: Progress, environ: Mapping[str, str], labs: Sequence[str] | None = None
) -> None:
    """Isolate the labs, before containers of these labs are started (None: of any).

    Where that cannot be done, a lab of a class must not come up as if it were; the default lab, whose
    only user is who typed the command, comes up with a warning.

    Raises:
        UnhealthyError: they cannot be isolated, and LABCTL_OPEN_BORDERS is not 1.
    """
    try:
        ensure_isolation(context.engine, context.definition, progress, environ)
    except UnhealthyError as error:
        if environ.get(OPEN_BORDERS) != "1" and set(labs or ()) != {DEFAULT_LAB}:
            error.hint = f"{error.hint}   # or, to have them open: {OPEN_BORDERS}=1"
            raise
        click.echo(error.render().replace("error:", "warning:", 1), err=True)
