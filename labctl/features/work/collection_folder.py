"""The folder that a class's work is collected in: filled under another name, seen when it is whole.

So an interrupted collection leaves nothing, and the same again does all of it. Nothing that is there is
overwritten. While it is being filled only our own user can write in it, even if another user owns the
folder above.
"""

import fcntl
import os
import secrets
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from shlex import quote

from labctl.errors import InputError, LabError
from labctl.replacing import FOLDER, UNFINISHED, open_folder

UNFINISHED_COLLECTION = f"{UNFINISHED}collect-"
NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


class CollectionFolder:
    """The folder while it is being filled, by several threads.

    Args:
        descriptor: of it.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._users = 0
        self._changed = threading.Condition()

    @contextmanager
    def in_use(self) -> Iterator[int]:
        """Yield its descriptor, which stays open until the end of this."""
        with self._changed:
            self._users += 1
        try:
            yield self._descriptor
        finally:
            with self._changed:
                self._users -= 1
                self._changed.notify_all()

    def wait_until_unused(self) -> None:
        """Wait for threads that were interrupted and clear up."""
        with self._changed:
            self._changed.wait_for(lambda: self._users == 0)

    def write(self, name: str, content: bytes) -> None:
        """Write a file that is not there yet."""
        with os.fdopen(os.open(name, NEW, 0o644, dir_fd=self._descriptor), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())


@contextmanager
def collection_folder(path: Path, names: list[str]) -> Iterator[CollectionFolder]:
    """Yield what is to be filled; at the end all of it is in the folder, after an error none.

    Args:
        path: the folder, made if need be, for its owner alone; the one above it must be there.
        names: what may be made in it; the last of them appear last.

    Raises:
        InputError: it cannot be used, or has one of these already.
        LabError: what was made cannot be brought there.
    """
    folder, is_new = _open(path)
    try:
        _require_free(folder, path, names)
        _sweep(folder)
        with _unfinished(folder) as descriptor:
            collection = CollectionFolder(descriptor)
            try:
                yield collection
            finally:
                collection.wait_until_unused()
            _require_free(folder, path, names)
            made = {each.name for each in os.scandir(descriptor)}
            for name in (each for each in names if each in made):
                os.rename(name, name, src_dir_fd=descriptor, dst_dir_fd=folder)
    except OSError as error:
        raise LabError("what was collected cannot be kept", where=str(path), log=str(error)) from error
    finally:
        os.close(folder)
        if is_new:
            with suppress(OSError):
                path.rmdir()  # only if it is empty


def _open(path: Path) -> tuple[int, bool]:
    """Return a descriptor of the folder, and whether it was made for this."""
    is_new = False
    try:
        parent = open_folder(path.parent)
        try:
            with suppress(FileExistsError):
                os.mkdir(path.name or ".", 0o700, dir_fd=parent)
                is_new = True
        finally:
            os.close(parent)
        return open_folder(path), is_new
    except OSError as error:
        raise InputError(f"nothing can be collected there: {error.strerror}", where=str(path)) from error


def _require_free(folder: int, path: Path, names: list[str]) -> None:
    there = {each.name for each in os.scandir(folder)}
    for name in names:
        if name in there:
            other = quote(f"{path}-{datetime.now():%Y-%m-%d-%H%M}")
            raise InputError(
                f"there is '{name}' already, and nothing that was collected is overwritten",
                where=str(path),
                hint=f"another folder: labctl work collect {other}",
            )


@contextmanager
def _unfinished(folder: int) -> Iterator[int]:
    """Yield a new folder in a folder, locked, and gone at the end."""
    name = f"{UNFINISHED_COLLECTION}{secrets.token_hex(8)}"
    os.mkdir(name, 0o700, dir_fd=folder)
    try:
        descriptor = os.open(name, FOLDER, dir_fd=folder)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield descriptor
        finally:
            os.close(descriptor)
    finally:
        shutil.rmtree(name, ignore_errors=True, dir_fd=folder)


def _sweep(folder: int) -> None:
    """Remove what killed processes of ours left; what one still fills is locked."""
    for each in os.scandir(folder):
        if not each.name.startswith(UNFINISHED_COLLECTION):
            continue
        with suppress(OSError):
            descriptor = os.open(each.name, FOLDER, dir_fd=folder)
            try:
                if os.fstat(descriptor).st_uid == os.geteuid():
                    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    shutil.rmtree(each.name, dir_fd=folder)
            finally:
                os.close(descriptor)
