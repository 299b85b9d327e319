"""Puts a snapshot in the place of a lab's home.

The snapshot is read to its end and judged first; then the containers that use the home end, what is in it is
saved, and only then is it emptied. Whatever moment that stops at, the same command finishes it.
"""

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from shlex import quote

from labctl.engine import Engine, Progress
from labctl.errors import EngineError, InputError, shown
from labctl.features.lifecycle.ownership import read_own_state
from labctl.features.lifecycle.state import LabState
from labctl.features.work.contents import read_contents
from labctl.features.work.exclusive_access import exclusive_access
from labctl.features.work.home import Home, find_home
from labctl.features.work.members import BadTarError
from labctl.features.work.save import SaveReport, latest, save_home
from labctl.features.work.snapshot import BEFORE_RESTORE, Manifest, Snapshot, open_snapshot
from labctl.features.work.store import paths_by_name, snapshots_folder
from labctl.model import Definition

LATEST = "latest"


@dataclass(frozen=True)
class RestoreReport:
    """What was restored.

    Attributes:
        lab: whose home it is now.
        path: the snapshot's file.
        manifest: what the snapshot says of itself.
        before: what became of what was in the home; None when there was none.
        is_up: whether the lab is up, its toolbox created again.
        ended: the one-off containers that were removed, and with them what ran in them.
    """

    lab: str
    path: Path
    manifest: Manifest
    before: SaveReport | None
    is_up: bool
    ended: tuple[str, ...] = ()


def find_snapshot(lab: str, words: str) -> Path:
    """Return the file of the snapshot a user means: by its name, `latest`, or as a path.

    Raises:
        InputError: there is none.
    """
    folder = snapshots_folder(os.environ, lab)
    if words == LATEST:
        if (found := latest(folder)) is not None:
            return found.path
        raise InputError(
            f"lab '{lab}' has no whole snapshot", where=str(folder), hint=f"labctl work list {lab}"
        )
    known = paths_by_name(folder)
    if words in known:
        return known[words]
    path = Path(words)
    with suppress(OSError):
        path.stat()
        return path
    raise InputError(
        f"{words!r} is neither a snapshot of lab '{lab}' nor a file", hint=f"labctl work list {lab}"
    )


def restore(
    engine: Engine, definition: Definition, name: str, path: Path, *, progress: Progress
) -> RestoreReport:
    """Make the home of a lab what a snapshot holds; a lab that is down needs not even have a home.

    Args:
        engine: where.
        definition: the Compose file's.
        name: the lab's name.
        path: the snapshot's file.
        progress: called with each step, in words.

    Raises:
        InputError: the snapshot is damaged or none of ours, or the Compose project is no lab of ours;
            nothing was touched.
        EngineError: the Engine refused a step; the same again finishes it.
    """
    state = read_own_state(engine, definition, name)
    home = find_home(definition, name, state.settings, state.images)
    if home.is_of_the_host:
        raise InputError(
            f"the home of lab '{name}' is a folder of this host, which is not ours to empty",
            where=home.mount.source,
            hint=f"tar xf {quote(str(path))}, and what of its home.tar.gz is wanted",
        )
    with open_snapshot(path) as snapshot:
        progress(f"checking {shown(path.name)}")
        snapshot.check_contents()
        is_up = _is_up(home, state)
        with exclusive_access(
            engine, home, state, progress=progress, definition=definition if is_up else None
        ):
            before = _save_what_is_there(engine, home, progress)
            if before is None or before.contents != snapshot.manifest.contents:
                progress(f"restoring the work of {name}")
                try:
                    _replace(engine, home, snapshot)
                except EngineError as error:
                    if before is not None and before.snapshot:
                        error.hint = f"labctl work restore {name} {before.snapshot}   (what was there)"
                    raise
    return RestoreReport(name, path, snapshot.manifest, before, is_up, state.running_one_offs)


def _is_up(home: Home, state: LabState) -> bool:
    """Return whether the lab is up: it runs, or its toolbox is missing, as after a crash here."""
    toolboxes = state.of_service(home.toolbox.name)
    begun = any(each.state in ("running", "created") for each in state.containers)
    return bool(state.networks) and (begun or not toolboxes)


def _save_what_is_there(engine: Engine, home: Home, progress: Progress) -> SaveReport | None:
    return (
        save_home(engine, home, progress=progress, reason=BEFORE_RESTORE) if home.is_there(engine) else None
    )


def _replace(engine: Engine, home: Home, snapshot: Snapshot) -> None:
    """Empty the home, fill it from a snapshot, and look whether all of it arrived."""
    home.remove(engine)
    home.create(engine)
    with home.reached(engine) as reached:
        reached.write(snapshot.tar())
        try:
            with reached.read() as tar:
                arrived = read_contents(tar)
            # Of a snapshot from elsewhere the owner may be another than here.
            is_whole = arrived in (
                snapshot.manifest.contents,
                read_contents(reached.as_learners(snapshot.tar())),
            )
        except BadTarError:
            is_whole = False
    if not is_whole:
        raise EngineError(
            f"the home of lab '{home.lab.name}' is not what the snapshot holds",
        )
