"""The folder in which the snapshots of a lab's home are kept.

A snapshot is written under a name that does not count, brought to the disk, and only then given its
own: one that can be seen is whole, whenever the power went.
"""

import fcntl
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO

from labctl.errors import InputError, LabError
from labctl.features.work.snapshot import Manifest, open_snapshot
from labctl.replacing import UNFINISHED, sweep

VARIABLE = "LABCTL_SNAPSHOTS"
SUFFIX = ".tar"
NAME_FORMAT = "%Y-%m-%dT%H%M%S.%fZ"  # sorted by name is sorted by time
STEP = timedelta(microseconds=1)


@dataclass(frozen=True)
class Stored:
    """A file of the folder: a snapshot, or what was one.

    Attributes:
        name: what it is called, without folder and suffix.
        path: where it is.
        stored_octets: how large the file is.
        manifest: what it says of itself; None when it is damaged.
        damage: what is wrong with it, if anything.
    """

    name: str
    path: Path
    stored_octets: int
    manifest: Manifest | None
    damage: str = ""


def snapshots_folder(environ: Mapping[str, str], lab: str) -> Path:
    """Return where a lab's snapshots are kept; it need not exist."""
    if named := environ.get(VARIABLE):
        return Path(named).absolute() / lab
    data = environ.get("XDG_DATA_HOME", "")
    # The specification wants relative paths there to be ignored.
    base = Path(data) if data.startswith("/") else Path.home() / ".local/share"
    return base / "labctl/work" / lab


def newest_first(folder: Path) -> Iterator[Stored]:
    """Yield all snapshots, each read from end to end when it is asked for."""
    for name, path in reversed(paths_by_name(folder).items()):
        size = _size(path)
        try:
            with open_snapshot(path) as snapshot:
                yield Stored(name, path, size, snapshot.manifest)
        except InputError as error:
            yield Stored(name, path, size, None, error.what)


def _size(path: Path) -> int:
    """Return how large a file is; a link that leads nowhere has no size."""
    with suppress(OSError):
        return path.stat().st_size
    return 0


def paths_by_name(folder: Path) -> dict[str, Path]:
    """Return the snapshots' files, oldest first, unread."""
    with told_with_place(folder, "read"):
        found = sorted(folder.glob(f"[!.]*{SUFFIX}")) if folder.is_dir() else []
    return {path.name.removesuffix(SUFFIX): path for path in found}


def name_after(existing: Iterable[str], now: datetime) -> str:
    """Return a name for a snapshot made now that sorts behind all others, even if the clock was put back."""
    for name in sorted(existing, reverse=True):
        with suppress(ValueError):
            last = datetime.strptime(name, NAME_FORMAT).replace(tzinfo=UTC)
            return max(now.astimezone(UTC), last + STEP).strftime(NAME_FORMAT)
    return now.astimezone(UTC).strftime(NAME_FORMAT)


@contextmanager
def new_file(folder: Path) -> Iterator[IO[bytes]]:
    """Yield a file of the folder that does not count yet; it is gone at the end unless published.

    What killed processes left of theirs is removed; that of one that still writes is locked.

    Raises:
        OSError: the folder cannot be made or written.
    """
    _make_folder(folder)
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        sweep(descriptor)
    finally:
        os.close(descriptor)
    with tempfile.NamedTemporaryFile(prefix=UNFINISHED, dir=folder, delete=False) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        try:
            yield file
        finally:
            Path(file.name).unlink(missing_ok=True)


def publish(file: IO[bytes], target: Path) -> None:
    """Bring a new file to the disk and give it its name."""
    file.flush()
    os.fsync(file.fileno())
    Path(file.name).rename(target)
    _sync_folder(target.parent)


@contextmanager
def told_with_place(place: Path, doing: str) -> Iterator[None]:
    """Raise LabError, with the place and what to do, instead of OSError."""
    try:
        yield
    except OSError as error:
        raise LabError(
            f"snapshots cannot be {doing} there",
            where=str(place),
            log=error.strerror or str(error),
            hint=f"{VARIABLE}=FOLDER labctl ...",
        ) from error


def _make_folder(folder: Path) -> None:
    if not folder.is_dir():
        _make_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
        _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
