"""Where a lab's home is to be: where it was, unless the user says so explicitly."""

from dataclasses import replace
from pathlib import Path
from shlex import quote

from labctl.engine import Engine
from labctl.errors import InputError
from labctl.features.lifecycle.state import LabState
from labctl.features.work.home import find_home, refuse_no_folder
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
        settings = replace(settings, work=known.work, work_owner=known.work_owner)
    require_owner(name, settings)
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


def require_owner(name: str, settings: LabSettings) -> None:
    """Return unless the folder that is a lab's home has become a link, or has another owner.

    One that is not there, or not on this machine, is for the Engine to miss.

    Raises:
        InputError: the toolbox would run as another user than the home's, or in another folder.
    """
    folder = settings.work
    if not folder:
        return
    refuse_no_folder(name, folder)
    try:
        found = Path(folder).stat()
    except OSError:
        return
    if (owner := f"{found.st_uid}:{found.st_gid}") != settings.work_owner:
        raise InputError(
            f"the home of lab '{name}' belongs to {owner} now, and its learner is {settings.work_owner}",
            where=f"folder {folder}",
            hint=(
                f"chown -R {settings.work_owner} {quote(folder)}, or: labctl up {name} --work {quote(folder)}"
            ),
        )


def require_home(engine: Engine, definition: Definition, name: str, settings: LabSettings) -> None:
    """Return if the Engine can mount the folder that is to be a lab's home.

    Raises:
        UnhealthyError: it cannot; nothing was touched.
        InputError: it is not the learner's any more.
    """
    if not settings.work:
        return
    require_owner(name, settings)
    with find_home(definition, name, settings).reached(engine):
        return
