"""Brings what every lab stands on: a Docker Engine that answers, and images of today's inputs."""

from collections.abc import Mapping

from labctl.cli.context import Context
from labctl.engine import Progress
from labctl.features.provision.engine_start import ensure_engine
from labctl.features.provision.images import ensure_images


def provide(context: Context, tell: Progress, environ: Mapping[str, str]) -> None:
    """Make the Engine run and the images be there; what is already done costs next to nothing.

    Raises:
        EngineUnavailableError: there is no usable Engine, and none may be brought.
        EngineError: an image could not be made.
    """
    definition = context.definition  # a file that cannot be used is told before anything is begun
    ensure_engine(tell, environ)
    builds = {s.image: s.build for s in definition.services.values() if s.build is not None}
    ensure_images(context.engine, builds.items(), tell, environ)
