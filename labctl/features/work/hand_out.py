"""Puts starter files into a learner's home; what the learner has stays as it is.

The instructor's folder is read and judged once, before any lab is touched; then each lab gets the same files.
"""

import errno
import io
import os
import stat
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from labctl.engine import Engine, Progress
from labctl.errors import EngineError, InputError
from labctl.features.work.inside import LIMITS, STAGE, find_lab_home, inside
from labctl.features.work.members import PIECE_BYTES
from labctl.model import Definition
from labctl.replacing import FOLDER

FORMAT = tarfile.GNU_FORMAT
NAMED = 5  # of what cannot be handed out
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


@dataclass(frozen=True)
class HandOutReport:
    """What became of a hand-out in one lab.

    Attributes:
        lab: whose home.
        created: how many files are new there.
        kept: the paths that were there already, and were not touched.
        kept_count: how many those are; of many, not all are listed.
    """

    lab: str
    created: int
    kept: list[str]
    kept_count: int


class HandOut:
    """Starter files, packed; each lab reads them from the beginning."""

    def __init__(self, file: IO[bytes], files: int, size: int) -> None:
        self._descriptor = file.fileno()
        self.files = files
        self._size = size

    def tar(self) -> Iterator[bytes]:
        """Yield the files as a tar of one folder, STAGE."""
        for at in range(0, self._size, PIECE_BYTES):
            yield os.pread(self._descriptor, min(PIECE_BYTES, self._size - at), at)


@contextmanager
def packed(folder: Path) -> Iterator[HandOut]:
    """Yield what is in a folder, packed.

    Setuid bits, owners and attributes are not carried: each file is a learner's own, executable or not.

    Raises:
        InputError: it is no folder or cannot be read, holds nothing or too much, or something that is neither
            a file nor a folder. A link is refused, too: where it leads is another place in each home.
    """
    with tempfile.TemporaryFile() as file:
        with tarfile.open(fileobj=file, mode="w|", format=FORMAT, errors="surrogateescape") as tar:
            packing = _Packing(tar, folder)
            try:
                descriptor = os.open(folder, FOLDER & ~os.O_NOFOLLOW)
            except OSError as error:
                what = "is no folder" if error.errno == errno.ENOTDIR else error.strerror
                raise InputError(f"cannot be handed out: {what}", where=str(folder)) from error
            try:
                packing.add_folder(descriptor, STAGE, 0)
            finally:
                os.close(descriptor)
        packing.judge()
        file.flush()
        yield HandOut(file, packing.files, os.fstat(file.fileno()).st_size)


class _Packing:
    """A tar that is written, and what is known of it so far."""

    def __init__(self, tar: tarfile.TarFile, folder: Path) -> None:
        self._tar = tar
        self._where = str(folder)
        self.files = self._entries = self._bytes = 0
        self._refused: list[str] = []

    def judge(self) -> None:
        """Raise InputError where not all of it can be handed out."""
        if self._refused:
            more = len(self._refused) - NAMED
            names = ", ".join(self._refused[:NAMED]) + (f" and {more} more" if more > 0 else "")
            raise InputError(
                f"only files and folders are handed out, and there is: {names}",
                where=self._where,
                hint=f"a copy without links: cp -rL {self._where} COPY",
            )
        if not self._entries:
            raise InputError("there is nothing in it to hand out", where=self._where)

    def add_folder(self, descriptor: int, path: str, depth: int) -> None:
        """Add a folder and what is in it."""
        self._tar.addfile(_member(path, tarfile.DIRTYPE, 0o755))
        for name in sorted(os.listdir(descriptor)):
            below = f"{path}/{name}"
            own = below.removeprefix(f"{STAGE}/")
            self._entries += 1
            try:
                self._add(descriptor, name, below, depth)
            except OSError as error:
                raise InputError(f"{own} cannot be read: {error.strerror}", where=self._where) from error
            if (
                self._entries > LIMITS["max_entries"]
                or self._bytes > LIMITS["max_bytes"]
                or len(os.fsencode(own)) > LIMITS["max_path_bytes"]
                or depth + 1 >= LIMITS["max_depth"]
            ):
                raise InputError(
                    f"is too much to hand out: at most {LIMITS['max_entries']} files and folders, "
                    f"{LIMITS['max_bytes'] >> 20} MiB, {LIMITS['max_depth']} levels",
                    where=self._where,
                )

    def _add(self, folder: int, name: str, path: str, depth: int) -> None:
        found = os.stat(name, dir_fd=folder, follow_symlinks=False)
        if stat.S_ISDIR(found.st_mode):
            inner = os.open(name, FOLDER, dir_fd=folder)
            try:
                self.add_folder(inner, path, depth + 1)
            finally:
                os.close(inner)
        elif stat.S_ISREG(found.st_mode):
            with os.fdopen(os.open(name, _FILE, dir_fd=folder), "rb") as file:
                self._add_file(file, path)
        else:
            kind = "link" if stat.S_ISLNK(found.st_mode) else "no file"
            self._refused.append(f"{path.removeprefix(f'{STAGE}/')} ({kind})")

    def _add_file(self, file: io.BufferedReader, path: str) -> None:
        found = os.fstat(file.fileno())
        if found.st_size > LIMITS["max_file_bytes"]:
            own = path.removeprefix(f"{STAGE}/")
            raise InputError(
                f"{own} is larger than {LIMITS['max_file_bytes'] >> 20} MiB, the largest file of a lab",
                where=self._where,
            )
        member = _member(path, tarfile.REGTYPE, 0o755 if found.st_mode & stat.S_IXUSR else 0o644)
        member.size, member.mtime = found.st_size, int(found.st_mtime)
        self._bytes += found.st_size
        self._tar.addfile(member, file)
        self.files += 1


def _member(path: str, kind: bytes, mode: int) -> tarfile.TarInfo:
    member = tarfile.TarInfo(path)
    member.type, member.mode = kind, mode
    return member


def hand_out(
    engine: Engine, definition: Definition, name: str, starter: HandOut, *, progress: Progress
) -> HandOutReport:
    """Put starter files into the home of a lab, whether the lab is up or down.

    Raises:
        EngineError: not all could be written; what was is there, and the same again writes the rest.
        UnhealthyError: the lab has no home yet.
    """
    home = find_lab_home(engine, definition, name)
    progress(f"handing out to {name}")
    with inside(engine, home, starter.tar) as reached:
        copied = reached.copy(into_the_home=True)
    missing = copied.failed + copied.left_out
    if missing:
        count = copied.counts["failed"] + copied.counts["left_out"]
        raise EngineError(
            f"{count} of {starter.files} files could not be written in the home of lab '{name}'",
            where=home.place,
            log="\n".join(f"{path}: {reason}" for path, reason in missing[:NAMED]),
            hint="mend that, then the same again: what is there is not touched",
        )
    return HandOutReport(name, copied.copied, copied.there, copied.counts["there"])
