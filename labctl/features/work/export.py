"""Writes a snapshot to a file of the user's, to be carried to another machine."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from labctl.engine import Engine, Progress
from labctl.errors import InputError
from labctl.features.work.restore import find_snapshot
from labctl.features.work.save import save
from labctl.features.work.snapshot import open_snapshot
from labctl.features.work.store import SUFFIX
from labctl.model import Definition
from labctl.replacing import check_place, replaced_file


def export(
    engine: Engine,
    definition: Definition,
    name: str,
    target: Path | IO[bytes],
    *,
    progress: Progress,
    snapshot: str | None = None,
    overwrite: bool = False,
) -> Path:
    """Copy a snapshot to a file.

    Args:
        engine: where.
        definition: the Compose file's.
        name: the lab's name.
        target: what to write: a file, of which the folder must exist, or a stream.
        progress: called with each step, in words.
        snapshot: which, as `find_snapshot` takes it; by default the home is saved now.
        overwrite: whether the file may be there already.

    Returns:
        The snapshot that was copied.

    Raises:
        InputError: the file cannot be written, or there is nothing to write.
    """
    if isinstance(target, Path):
        with _told_of(target):
            check_place(target, overwrite=overwrite)  # before the work is saved for it
    if snapshot is not None:
        path = find_snapshot(name, snapshot)
    elif (saved := save(engine, definition, name, progress=progress).path) is not None:
        path = saved
    else:
        raise InputError(f"there is no work of lab '{name}' to export")
    with open_snapshot(path), path.open("rb") as original:  # what is carried away is whole
        if isinstance(target, Path):
            with _told_of(target), replaced_file(target, mode=0o600, overwrite=overwrite) as file:
                shutil.copyfileobj(original, file)
        else:
            shutil.copyfileobj(original, target)
    return path


def place_in(target: Path, name: str, *, several: bool) -> Path:
    """Return the file that the export of a lab is to be: in a folder that exists, one named after the lab.

    Raises:
        InputError: there are several labs, and the target is no folder.
    """
    if os.path.isdir(target):  # noqa: PTH112 - pathlib's own question fails at a name that is too long
        return target / f"{name}{SUFFIX}"
    if several:
        raise InputError(
            "is no folder, and there are several labs", where=str(target), hint=f"mkdir {target}"
        )
    return target


@contextmanager
def _told_of(file: Path) -> Iterator[None]:
    """Raise InputError with the user's file instead of OSError."""
    try:
        yield
    except FileExistsError as error:
        raise InputError("it exists already", where=str(file), hint="--force, or another name") from error
    except OSError as error:
        raise InputError(f"it cannot be written: {error.strerror}", where=str(file)) from error
