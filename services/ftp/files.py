"""The files under the root, which is all that a client can name. No socket in here.

Spec: RFC 3659 section 7 (facts); LIST's lines have no standard: they look as those of `ls -l`
"""

import io
import os
import posixpath
import stat
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import ClassVar

from services.ftp.line_ends import FromNetwork, to_network

BLOCK_OCTETS = 32 * 1024


class StoredFile(io.FileIO):
    """A file whose writes are whole, or an error while the client can still be told."""

    def write(self, data: bytes) -> int:  # type: ignore[override]
        """Write all of it: one call of the system may take less, as on a disk that is nearly full."""
        left = memoryview(data)
        while left:
            left = left[super().write(left) :]
        return len(data)


class Sending:
    """Octets on their way to the client."""

    def __init__(
        self, pieces: Iterable[bytes], *, text: bool, close: Callable[[], None] = lambda: None
    ) -> None:
        self.pieces = to_network(pieces) if text else pieces
        self.close = close


class Receiving:
    """Octets on their way from the client into a file."""

    def __init__(self, file: StoredFile, *, text: bool) -> None:
        self.file = file
        self.translator = FromNetwork() if text else None

    def write(self, piece: bytes) -> None:
        """Keep a piece."""
        self.file.write(self.translator.translate(piece) if self.translator else piece)

    def finish(self) -> None:
        """Keep what a translation still holds."""
        if self.translator:
            self.file.write(self.translator.finish())

    def close(self) -> None:
        """Let go of the file, whatever has come."""
        self.file.close()


class Files:
    """A folder of the system as the client's whole tree. Paths are the client's own, from `/`.

    Each method raises OSError when the system says no.
    """

    FACTS: ClassVar[tuple[str, ...]] = (
        "type",
        "size",
        "modify",
        "perm",
        "unique",
        "unix.mode",
        "unix.uid",
        "unix.gid",
    )
    file_type: ClassVar[type[StoredFile]] = StoredFile

    def __init__(self, root: Path) -> None:
        self.root = root

    def real(self, path: str) -> Path:
        """Return where a path is on the system; `..` at the root stays there."""
        return self.root / posixpath.normpath("/" + path).lstrip("/")

    def is_folder(self, path: str) -> bool:
        """Tell whether there is a folder."""
        return self.real(path).is_dir()

    def names(self, path: str) -> list[str]:
        """Return what is in a folder; of a file, its name."""
        self.stat(path)
        if not self.is_folder(path):
            return [posixpath.basename(path)]
        return sorted(each.name for each in self.real(path).iterdir())

    def listed(self, path: str) -> list[tuple[str, os.stat_result]]:
        """Return names with what the system knows of them."""
        folder = path if self.is_folder(path) else posixpath.dirname(path)
        return [(name, self.real(f"{folder}/{name}").lstat()) for name in self.names(path)]

    def stat(self, path: str) -> os.stat_result:
        """Return what the system knows of a file or folder."""
        return self.real(path).lstat()

    def open(self, path: str, mode: str, position: int = 0) -> StoredFile:
        """Open a file for a transfer, from a position on."""
        real = self.real(path)
        if position and mode == "w":
            mode = "r+"
        if real.is_dir():
            raise IsADirectoryError(21, "Is a directory")
        file = self.file_type(real, mode)
        if position:
            if position > os.fstat(file.fileno()).st_size:
                file.close()
                raise ValueError(f"{position} is behind the end of the file")
            file.seek(position)
        return file


def blocks_of(file: io.FileIO) -> Iterator[bytes]:
    """Yield a file's octets."""
    while block := file.read(BLOCK_OCTETS):
        yield block


def long_line(name: str, known: os.stat_result) -> str:
    """Return a line of LIST."""
    moment = time.gmtime(known.st_mtime)
    recent = time.time() - known.st_mtime < 180 * 24 * 3600
    when = time.strftime("%b %d %H:%M" if recent else "%b %d  %Y", moment)
    mode = stat.filemode(known.st_mode)
    return f"{mode} {known.st_nlink:>3} lab lab {known.st_size:>10} {when} {name}"


def facts_of(known: os.stat_result, wanted: Iterable[str], *, may_write: bool) -> str:
    """Return the facts of MLSD and MLST, each as `name=value;`."""
    folder = stat.S_ISDIR(known.st_mode)
    perm = ("elcdmpf" if may_write else "el") if folder else ("radfw" if may_write else "r")
    facts = {
        "type": "dir" if folder else "file",
        "size": str(known.st_size),
        "modify": timestamp(known.st_mtime),
        "perm": perm,
        "unique": f"{known.st_dev:x}g{known.st_ino:x}",
        "unix.mode": f"{stat.S_IMODE(known.st_mode):04o}",  # octal digits alone: `0o644` is Python's
        "unix.uid": str(known.st_uid),
        "unix.gid": str(known.st_gid),
    }
    return "".join(f"{name}={facts[name]};" for name in wanted)


def timestamp(seconds: float) -> str:
    """Return a time as RFC 3659 section 2.3 writes it, in UTC."""
    return time.strftime("%Y%m%d%H%M%S", time.gmtime(seconds))
