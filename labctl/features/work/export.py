"""Writes a snapshot to a file of the user's, to be carried to another machine."""

import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from labctl.engine import Engine, Progress
from labctl.errors import InputError
from labctl.features.work.restore import find_snapshot
from labctl.features.work.save import save
from labctl.features.work.snapshot import open_snapshot
from labctl.features.work.store import copy_to
from labctl.model import Definition


def export(
    engine: Engine,
    definition: Definition,
    name: str,
    file: Path,
    *,
    tell: Progress,
    snapshot: str | None = None,
    overwrite: bool = False,
) -> Path:
    """Copy a snapshot to a file.

    Args:
        engine: where.
        definition: the Compose file's.
        name: the lab's name.
        file: what to write; its folder must exist.
        tell: called with each step, in words.
        snapshot: which, as `find_snapshot` takes it; by default the home is saved now.
        overwrite: whether the file may be there already.

    Returns:
        The snapshot that was copied.

    Raises:
        InputError: the file cannot be written, or there is nothing to write.
    """
    _check_target(file, overwrite)
    if snapshot is not None:
        path = find_snapshot(name, snapshot)
    elif (saved := save(engine, definition, name, tell=tell).path) is not None:
        path = saved
    else:
        raise InputError(f"there is no work of lab '{name}' to export")
    with open_snapshot(path), _told_of(file):  # what is carried away is whole
        copy_to(path, file)
    return path


def _check_target(file: Path, overwrite: bool) -> None:
    """Raise InputError where the file certainly cannot be written, before the work is saved for it."""
    with _told_of(file):
        if not file.parent.is_dir():
            raise InputError("its folder does not exist", where=str(file))
        with suppress(FileNotFoundError):
            if stat.S_ISDIR(file.stat().st_mode) or not overwrite:
                raise InputError("it exists already", where=str(file), hint="--force, or another name")


@contextmanager
def _told_of(file: Path) -> Iterator[None]:
    """Raise InputError with the user's file instead of OSError."""
    try:
        yield
    except OSError as error:
        raise InputError(f"it cannot be written: {error.strerror}", where=str(file)) from error
