"""Where a lab's home is to be: where it was, unless the user says so explicitly."""

from dataclasses import replace

from labctl.engine import Engine
from labctl.errors import EngineError, InputError, UnhealthyError
from labctl.features.lifecycle.state import LabState
from labctl.features.work.home import find_home
from labctl.model import Definition
from labctl.settings import LabSettings


def settle_home(
    engine: Engine,
    definition: Definition,
    name: str,
    state: LabState,
    settings: LabSettings | None,
    *,
    change: bool = False,
) -> LabSettings:
    """Return the settings of a lab with the home it is to have.

    Args:
        engine: where.
        definition: the Compose file's.
        name: the lab's name.
        state: what there is of it.
        settings: what is asked for; None, or no folder in them: the home stays where it is.
        change: the home may change its place, to the folder asked for, else to the lab's own volume.

    Raises:
        InputError: the home is elsewhere, and there may be work in it.
    """
    known = state.settings
    if settings is None:
        settings = replace(known, work="", work_owner="") if change else known
    if not settings.work and not change:
        return replace(settings, work=known.work, work_owner=known.work_owner)
    if change or settings.work == known.work or definition.toolbox is None:
        return settings
    home = find_home(definition, name, known)
    if home.is_of_the_host or (home.is_there(engine) and home.has_work(engine)):
        raise InputError(
            f"the home of lab '{name}' is {home.place}, and there is work in it",
            where=f"asked for: folder {settings.work}",
            hint=f"labctl up {name}, or --change-home: the work stays in {home.place}",
        )
    return settings


def require_home(engine: Engine, definition: Definition, name: str, settings: LabSettings) -> None:
    """Return if the Engine can mount the folder that is to be a lab's home.

    Raises:
        UnhealthyError: it cannot; nothing was touched.
    """
    if not settings.work:
        return
    try:
        with find_home(definition, name, settings).reached(engine):
            return
    except EngineError as error:
        raise UnhealthyError(
            f"the home of lab '{name}' is not there",
            where=f"folder {settings.work}",
            log=error.log,
            hint=f"bring the folder back, or: labctl up {name} --change-home",
        ) from error
