"""Saves a lab's home as a snapshot, unless there is nothing in it or the last one has it all."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from labctl.engine import Engine, Progress
from labctl.errors import EngineError, InputError
from labctl.features.lifecycle.ownership import read_own_state
from labctl.features.work.contents import Contents, TooDeepError, read_contents
from labctl.features.work.home import Home, Reached, find_home
from labctl.features.work.members import BadTarError, TooLargeError
from labctl.features.work.snapshot import ASKED, BEFORE_RESTORE, Manifest, write_snapshot
from labctl.features.work.store import (
    SUFFIX,
    Stored,
    name_after,
    new_file,
    newest_first,
    paths_by_name,
    publish,
    snapshots_folder,
    told_with_place,
)
from labctl.model import Definition

ATTEMPTS = 4  # at reading a home that is written to at the same time
PROGRESS_BYTES = 64 << 20  # a step is reported for each so many


@dataclass(frozen=True)
class SaveReport:
    """What became of a save.

    Attributes:
        lab: whose home.
        outcome: "saved"; "same": a snapshot has it already; "empty": there is nothing of the learner's.
        snapshot: the snapshot's name; empty when there is none.
        path: its file.
        contents: what is in the home.
        expected: of a home that is empty the last snapshot that has work; empty when there is none.
    """

    lab: str
    outcome: str
    snapshot: str
    path: Path | None
    contents: Contents
    expected: str = ""


def save(engine: Engine, definition: Definition, name: str, *, progress: Progress) -> SaveReport:
    """Save the home of a lab, whether the lab is up, stopped or down.

    Raises:
        InputError: there is no such lab, or it is another course's.
        EngineError: the home could not be read.
    """
    state = read_own_state(engine, definition, name)
    home = find_home(definition, name, state.settings, state.images)
    if not home.is_there(engine):
        raise InputError(f"lab '{name}' has no work to save", where=home.place, hint=f"labctl up {name}")
    return save_home(engine, home, progress=progress, reason=ASKED)


def save_home(engine: Engine, home: Home, *, progress: Progress, reason: str) -> SaveReport:
    """Save a home that is there, for one of the REASONS."""
    name = home.lab.name
    folder = snapshots_folder(os.environ, name)
    when = datetime.now(UTC)
    progress(f"saving the work of {name}")
    with home.reached(engine) as reached, told_with_place(folder, "written"), new_file(folder) as file:
        manifest = _write(file, reached, name, when, reason, progress)
        contents = manifest.contents
        if contents.entries == 0 or contents.digest == _digest_of_new(reached):
            before = latest(folder)
            return SaveReport(name, "empty", "", None, contents, expected=before.name if before else "")
        if same := _find_same(folder, contents, reason):
            return SaveReport(name, "same", same.name, same.path, contents)
        snapshot = name_after(paths_by_name(folder), when)
        target = folder / f"{snapshot}{SUFFIX}"
        publish(file, target)
    return SaveReport(name, "saved", snapshot, target, contents)


def _write(
    file: IO[bytes], reached: Reached, lab: str, when: datetime, reason: str, progress: Progress
) -> Manifest:
    """Write the snapshot; begin again when a file shrank while it was read, which spoils the Engine's tar."""
    for _ in range(ATTEMPTS):
        file.seek(0)
        file.truncate()
        try:
            with reached.read() as tar:
                return write_snapshot(
                    file, _with_progress(tar, progress), lab=lab, time=when.isoformat(), reason=reason
                )
        except (TooDeepError, TooLargeError) as error:
            raise EngineError(
                f"the work of lab '{lab}' cannot be saved whole",
                log=str(error),
                hint=(
                    "give that folder, or those it lies in, shorter names, then the same again"
                    if isinstance(error, TooDeepError)
                    else "remove there what can be made again, then the same again"
                ),
            ) from error
        except BadTarError as error:
            spoilt = error
    raise EngineError(
        f"the work of lab '{lab}' could not be read whole",
        log=str(spoilt),
        hint="end the programs that write there, then the same again",
    )


def _with_progress(tar: Iterable[bytes], progress: Progress) -> Iterator[bytes]:
    passed = 0
    for piece in tar:
        before, passed = passed, passed + len(piece)
        if before // PROGRESS_BYTES != passed // PROGRESS_BYTES:
            progress(f"read {passed >> 20} MiB")
        yield piece


def _digest_of_new(reached: Reached) -> str:
    """Return the digest of a new home; empty when the image has none."""
    try:
        with reached.read_new() as tar:
            return read_contents(tar).digest
    except EngineError:
        return ""


def _find_same(folder: Path, contents: Contents, reason: str) -> Stored | None:
    """Return a whole snapshot with these contents.

    Before a restore any will do; else only the latest, so that the latest is what was saved last.
    """
    known = newest_first(folder) if reason == BEFORE_RESTORE else [latest(folder)]
    for each in known:
        if each is not None and each.manifest is not None and each.manifest.contents == contents:
            return each
    return None


def latest(folder: Path) -> Stored | None:
    """Return the last whole snapshot; one made before a restore only if there is no other.

    So a restore that was interrupted after its own save does the same when it is given again.
    """
    second_best = None
    for each in newest_first(folder):
        if each.manifest is not None and each.manifest.reason != BEFORE_RESTORE:
            return each
        if each.manifest is not None and second_best is None:
            second_best = each
    return second_best
