"""Exclusive access to a home: the containers that use it end, and the toolbox is created again at the end."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from labctl.engine import Engine, Progress
from labctl.errors import LabError
from labctl.features.lifecycle.state import LabState
from labctl.features.lifecycle.up import bring_up
from labctl.features.parallel import for_each
from labctl.features.work.home import Home
from labctl.features.work.members import BadTarError
from labctl.model import Definition


@contextmanager
def exclusive_access(
    engine: Engine, home: Home, state: LabState, *, progress: Progress, definition: Definition | None
) -> Iterator[None]:
    """Remove the containers that use the home; afterwards, given a definition, create the toolbox again.

    It is created also when what is done meanwhile fails, with the settings that it had before.
    """

    def bring_back() -> None:
        if definition is not None:
            services = frozenset({home.toolbox.name})
            bring_up(
                engine,
                definition,
                home.lab.name,
                progress=progress,
                services=services,
                settings=state.settings,
                had=state.images,
            )

    try:
        for_each(home.users(state), lambda each: engine.remove(each.id))
        yield
    except (LabError, BadTarError, OSError):
        with suppress(LabError):  # the first error is the one to report
            bring_back()
        raise
    bring_back()
