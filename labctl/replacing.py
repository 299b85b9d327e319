"""Writes a file where a user says: beside its place, then renamed over it, by the only function that does so.

The place may be in a folder that a learner can write to, as a home on the host is. So nothing there is
followed: not a link in the file's place, which is replaced like a file, and none on the way to it.
"""

import errno
import fcntl
import os
import secrets
import stat
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

UNFINISHED = ".labctl-unfinished-"
MOST_LINKS = 40  # on the way to a file, as the kernel counts
SYSTEMFOLDERS = ("/dev", "/proc", "/sys")  # nothing there is ever replaced
FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


@contextmanager
def replaced_file(path: Path, *, mode: int = 0o666, overwrite: bool = True) -> Iterator[IO[bytes]]:
    """Yield a new file, which takes its place as a whole at the end; after an error it is gone.

    Args:
        path: its place; what is there must be a file or a link.
        mode: the new file's, of which the process's umask takes away.
        overwrite: whether anything may be there; looked at once more at the end.

    Raises:
        OSError: it cannot be written there.
    """
    folder = open_folder(path.parent)
    try:
        _judge_place(path, folder, overwrite=overwrite)
        sweep(folder)
        name, descriptor = _create_unfinished(folder, mode)
        with os.fdopen(descriptor, "wb") as file:
            try:
                yield file
                file.flush()
                os.fsync(file.fileno())
                _judge_place(path, folder, overwrite=overwrite)
                os.rename(name, path.name, src_dir_fd=folder, dst_dir_fd=folder)
            finally:
                with suppress(FileNotFoundError):
                    os.unlink(name, dir_fd=folder)
        os.fsync(folder)
    finally:
        os.close(folder)


def check_place(path: Path, *, overwrite: bool = True) -> None:
    """Raise OSError where `replaced_file` certainly would, and write nothing."""
    folder = open_folder(path.parent)
    try:
        _judge_place(path, folder, overwrite=overwrite)
        if not os.access(".", os.W_OK | os.X_OK, dir_fd=folder, effective_ids=True):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    finally:
        os.close(folder)


def open_folder(path: Path) -> int:
    """Return a descriptor of a folder; links on the way are followed only where none but us could make them.

    That is up to the first folder that another user (neither we nor root) owns or may write to: links in
    it and below are not followed.
    """
    parts = deque(path.absolute().parts[1:])
    links, is_ours = 0, True
    at = os.open("/", FOLDER)
    try:
        while parts:
            part = parts.popleft()
            is_ours = is_ours and _is_ours(os.fstat(at))
            if not stat.S_ISLNK(os.stat(part, dir_fd=at, follow_symlinks=False).st_mode):
                before, at = at, os.open(part, FOLDER, dir_fd=at)
                os.close(before)
                continue
            links += 1
            if not is_ours or links > MOST_LINKS:
                what = f"{part} is a symbolic link in a folder that others may write to"
                raise OSError(errno.ELOOP, os.strerror(errno.ELOOP) if is_ours else what)
            target = Path(os.readlink(part, dir_fd=at))
            if target.is_absolute():
                os.close(at)
                at = os.open("/", FOLDER)
                target = target.relative_to("/")
            parts.extendleft(reversed(target.parts))
    except BaseException:
        os.close(at)
        raise
    return at


def sweep(folder: int) -> None:
    """Remove what killed processes of ours left; what one still writes is locked, all else is not ours."""
    for name in os.listdir(folder):
        if not name.startswith(UNFINISHED):
            continue
        with suppress(OSError):
            # Without blocking: a learner may have made a named pipe of that name.
            flags = os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC
            with os.fdopen(os.open(name, flags, dir_fd=folder), "rb") as file:
                found = os.fstat(file.fileno())
                if stat.S_ISREG(found.st_mode) and found.st_uid == os.geteuid():
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    os.unlink(name, dir_fd=folder)


def _create_unfinished(folder: int, mode: int) -> tuple[str, int]:
    """Create a locked file of a new name in a folder; return its name and a descriptor to write by.

    Another process may sweep the folder between the file's creation and our lock on it: then once more.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    while True:
        name = f"{UNFINISHED}{secrets.token_hex(8)}"
        descriptor = os.open(name, flags, mode, dir_fd=folder)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        if os.fstat(descriptor).st_nlink:
            return name, descriptor
        os.close(descriptor)


def _is_ours(folder: os.stat_result) -> bool:
    return folder.st_uid in (0, os.geteuid()) and not folder.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def _judge_place(path: Path, folder: int, *, overwrite: bool) -> None:
    """Raise OSError where a file must not stand."""
    if path.name in ("", ".", ".."):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    above = os.path.realpath(path.parent)
    if any(above == each or above.startswith(f"{each}/") for each in SYSTEMFOLDERS):
        raise OSError(errno.EINVAL, f"no file is written below {above}")
    try:
        mode = os.stat(path.name, dir_fd=folder, follow_symlinks=False).st_mode
    except FileNotFoundError:
        return
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if not overwrite:
        raise FileExistsError(errno.EEXIST, "it exists already")
    if not (stat.S_ISREG(mode) or stat.S_ISLNK(mode)):
        raise OSError(errno.EINVAL, "what is there is no file")
