"""Brings a learner's work out of the home: plain files in a folder, and what is to be known of each."""

import hashlib
import os
import shutil
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import IO

from labctl.engine import Engine, Progress
from labctl.errors import EngineError, LabError
from labctl.features.work.collection_folder import NEW, CollectionFolder
from labctl.features.work.inside import STAGE, find_lab_home, inside
from labctl.features.work.learners import time_of
from labctl.features.work.members import END, BadTarError, read_members
from labctl.features.work.plain_names import PlainNames
from labctl.model import Definition
from labctl.replacing import FOLDER


@dataclass(frozen=True)
class CollectedFile:
    """A file that was collected.

    Attributes:
        path: where it is in the home, as the learner named it.
        file: where it is in the lab's folder: the same, if that is a plain name.
        size_bytes: its size.
        sha256: in hexadecimal.
        modified: when, as the learner's files say; ISO 8601, UTC.
    """

    path: str
    file: str
    size_bytes: int
    sha256: str
    modified: str


@dataclass(frozen=True)
class Collected:
    """The work of one lab.

    Attributes:
        lab: whose.
        when: it was collected; ISO 8601, UTC.
        home: where the home is, in words.
        files: what there is.
        left_out: path and reason of what there is not.
        left_out_count: how many those are; of many, not all are listed.
    """

    lab: str
    when: str
    home: str
    files: list[CollectedFile]
    left_out: list[tuple[str, str]]
    left_out_count: int

    @property
    def size(self) -> int:
        """Of all files together."""
        return sum(each.size_bytes for each in self.files)


def collect(
    engine: Engine, definition: Definition, name: str, collection: CollectionFolder, *, progress: Progress
) -> Collected:
    """Collect the work of a lab, whether the lab is up or down, into a folder named after it.

    Args:
        engine: where.
        definition: the Compose file's.
        name: the lab's name.
        collection: what that one is made in.
        progress: called with each step, in words.

    Raises:
        UnhealthyError: the lab has no home yet.
        EngineError: the home could not be read; there is no folder then.
        LabError: the folder cannot be written.
    """
    home = find_lab_home(engine, definition, name)
    when = datetime.now(UTC).isoformat(timespec="seconds")
    progress(f"collecting the work of {name}")
    with inside(engine, home, _empty_stage, reads_only=True) as reached:
        copied = reached.copy(into_the_home=False)
        if copied.failed:
            path, reason = copied.failed[0]
            raise EngineError(
                f"the work of lab '{name}' could not be copied", where=home.place, log=f"{path}: {reason}"
            )
        try:
            with (
                collection.in_use() as folder,
                _new_folder(folder, name) as lab_folder,
                reached.read_stage() as tar,
            ):
                files = list(_unpacked(tar, lab_folder))
        except BadTarError as error:
            raise EngineError(
                f"the work of lab '{name}' could not be read whole", where=home.place, log=str(error)
            ) from error
        except OSError as error:
            raise LabError(
                f"the work of lab '{name}' could not be written here",
                log=error.strerror or str(error),
                hint="df -h; df -i",
            ) from error
    return Collected(name, when, home.place, files, copied.left_out, copied.counts["left_out"])


def _empty_stage() -> Iterator[bytes]:
    member = tarfile.TarInfo(STAGE)
    member.type, member.mode = tarfile.DIRTYPE, 0o777
    yield member.tobuf(tarfile.GNU_FORMAT)
    yield END


@contextmanager
def _new_folder(above: int, name: str) -> Iterator[int]:
    """Yield a new folder; after an error it is gone."""
    os.mkdir(name, 0o755, dir_fd=above)
    try:
        descriptor = os.open(name, FOLDER, dir_fd=above)
        try:
            yield descriptor
        finally:
            os.close(descriptor)
    except BaseException:
        shutil.rmtree(name, ignore_errors=True, dir_fd=above)
        raise


def _unpacked(tar: Iterator[bytes], folder: int) -> Iterator[CollectedFile]:
    """Write the files of a stage into a folder of ours; yield each."""
    names = PlainNames()
    for member, content in read_members(tar):
        root, _, path = member.name.partition("/")
        parts = path.split("/") if path else []
        if root != STAGE or not {"", ".", ".."}.isdisjoint(parts) or not (member.isdir() or member.isreg()):
            raise BadTarError(f"{member.name!r} has no place in it")
        plain = names.path(path)
        if member.isdir():
            if plain:
                os.mkdir(plain, 0o755, dir_fd=folder)
            continue
        modified = time_of(member)
        with os.fdopen(os.open(plain, NEW, 0o644, dir_fd=folder), "wb") as file:
            digest = _write(content, file)
        os.utime(plain, (modified, modified), dir_fd=folder, follow_symlinks=False)
        when = datetime.fromtimestamp(min(modified, _LAST_S), UTC).isoformat()
        yield CollectedFile(path, plain, member.size, digest, when)


_LAST_S = int(datetime(9999, 1, 1, tzinfo=UTC).timestamp())


def _write(content: Iterator[bytes], file: IO[bytes]) -> str:
    digest = hashlib.sha256()
    for piece in content:
        digest.update(piece)
        file.write(piece)
    return digest.hexdigest()
