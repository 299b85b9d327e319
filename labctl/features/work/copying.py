"""Copies what is below one folder to another, of which one is a home: run in a container, as the learner.

labctl hands this file's text to the Python of the toolbox's image, in a fresh container without a network,
so it imports nothing of labctl. It needs no rights but the learner's. A program that changes the home at the
same time gains nothing: no link is followed, and nothing that is there is overwritten. A file gets its name
only when it is whole.

Words: FROM TO LIMITS (JSON: max_entries, max_file_bytes, max_bytes, max_path_bytes, max_depth, max_told).
Printed: a JSON object; see `Copied` in `inside`. Names that are no UTF-8 have surrogates in it.
"""

import errno
import json
import os
import stat
import sys
from contextlib import suppress

FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
SOURCE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC  # it may have become a pipe meanwhile
NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
UNFINISHED = ".labctl-unfinished-copy"  # one name: what was interrupted is taken away by the next run
PIECE_BYTES = 1 << 20
TOLD_CHARACTERS = 300  # of a path
KINDS = {
    stat.S_IFLNK: "a symbolic link",
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


class LeftOut(Exception):
    """Something is not copied; the words say why."""


class TargetError(Exception):
    """Something cannot be written."""


class Copying:
    """One run, and what came of it so far."""

    def __init__(self, limits: dict[str, int]) -> None:
        self.limits = limits
        self.entries = self.bytes = self.copied = 0
        self.told: dict[str, list[list[str]]] = {"there": [], "left_out": [], "failed": []}
        self.counts = dict.fromkeys(self.told, 0)

    def note(self, kind: str, path: bytes, reason: str = "") -> None:
        """Remember what was not copied, and why."""
        self.counts[kind] += 1
        if len(self.told[kind]) < self.limits["max_told"]:
            text = os.fsdecode(path)
            cut = text if len(text) <= TOLD_CHARACTERS else f"{text[:TOLD_CHARACTERS]}..."
            self.told[kind].append([cut, reason])

    def folder(self, source: int, target: int, path: bytes, depth: int) -> bool:
        """Copy what is in a folder; return False when there is too much in it."""
        try:
            names = sorted(map(os.fsencode, os.listdir(source)))
        except OSError as error:
            self.note("left_out", path, str(error.strerror))
            return True
        for name in names:
            self.entries += 1
            if self.entries > self.limits["max_entries"]:
                return False
            below = path + b"/" + name if path else name
            try:
                if not self._entry(source, target, name, below, depth):
                    return False
            except LeftOut as reason:
                self.note("left_out", below, str(reason))
            except FileExistsError:
                self.note("there", below)
            except TargetError as reason:
                self.note("failed", below, str(reason))
            except OSError as error:  # of the source: closed, or gone meanwhile
                self.note("left_out", below, str(error.strerror))
        return True

    def _entry(self, source: int, target: int, name: bytes, path: bytes, depth: int) -> bool:
        found = os.stat(name, dir_fd=source, follow_symlinks=False)
        kind = stat.S_IFMT(found.st_mode)
        if name == os.fsencode(UNFINISHED):
            raise LeftOut("half a file of labctl's own")
        if len(path) > self.limits["max_path_bytes"] or depth >= self.limits["max_depth"]:
            raise LeftOut("its path is too long")
        if kind == stat.S_IFREG:
            self._file(source, target, name)
            return True
        if kind != stat.S_IFDIR:
            raise LeftOut(KINDS.get(kind, "neither a file nor a folder"))
        inner = os.open(name, FOLDER, dir_fd=source)
        try:
            into = self._target_folder(target, name)
            try:
                return self.folder(inner, into, path, depth + 1)
            finally:
                os.close(into)
        finally:
            os.close(inner)

    def _target_folder(self, target: int, name: bytes) -> int:
        try:
            with suppress(FileExistsError):
                os.mkdir(name, 0o755, dir_fd=target)
            return os.open(name, FOLDER, dir_fd=target)
        except OSError as error:
            if error.errno in (errno.ENOTDIR, errno.ELOOP):  # a file, or a link, wherever it leads
                raise FileExistsError from None
            raise TargetError(error.strerror) from error

    def _file(self, source: int, target: int, name: bytes) -> None:
        """Copy one file under another name, then give it its own if nothing has that."""
        with suppress(FileNotFoundError):
            os.stat(name, dir_fd=target, follow_symlinks=False)
            raise FileExistsError
        with open(os.open(name, SOURCE, dir_fd=source), "rb", buffering=0) as file:  # noqa: PTH123
            found = os.fstat(file.fileno())
            if not stat.S_ISREG(found.st_mode):
                raise LeftOut("no file any more")
            self._judge_size(found.st_size)
            try:
                with suppress(FileNotFoundError):
                    os.unlink(UNFINISHED, dir_fd=target)
                descriptor = os.open(UNFINISHED, NEW, 0o600, dir_fd=target)
            except OSError as error:
                raise TargetError(error.strerror) from error
            try:
                with open(descriptor, "wb", buffering=0) as written:  # noqa: PTH123
                    self.bytes += self._content(file, written)
                    try:
                        os.fchmod(written.fileno(), 0o755 if found.st_mode & stat.S_IXUSR else 0o644)
                        os.utime(written.fileno(), (found.st_mtime, found.st_mtime))
                        os.link(UNFINISHED, name, src_dir_fd=target, dst_dir_fd=target, follow_symlinks=False)
                    except FileExistsError:
                        raise
                    except (OSError, OverflowError) as error:
                        raise TargetError(getattr(error, "strerror", None) or str(error)) from error
            finally:
                with suppress(OSError):
                    os.unlink(UNFINISHED, dir_fd=target)
        self.copied += 1

    def _judge_size(self, size: int) -> None:
        if size > self.limits["max_file_bytes"]:
            raise LeftOut(f"larger than {self.limits['max_file_bytes'] >> 20} MiB")
        if self.bytes + size > self.limits["max_bytes"]:
            raise LeftOut(f"with it, more than {self.limits['max_bytes'] >> 20} MiB in all")

    def _content(self, file, written) -> int:  # type: ignore[no-untyped-def]
        total = 0
        while piece := file.read(PIECE_BYTES):
            total += len(piece)
            self._judge_size(total)  # it may grow meanwhile
            try:
                while piece:
                    piece = piece[written.write(piece) :]
            except OSError as error:
                raise TargetError(error.strerror) from error
        return total


def copy(source: str, target: str, limits: dict[str, int]) -> dict[str, object]:
    """Copy, and return what came of it."""
    copying = Copying(limits)
    from_, to = os.open(source, FOLDER), os.open(target, FOLDER)
    try:
        whole = copying.folder(from_, to, b"", 0)
    finally:
        os.close(from_)
        os.close(to)
    return {"whole": whole, "copied": copying.copied, "counts": copying.counts, **copying.told}


if __name__ == "__main__":
    json.dump(copy(sys.argv[1], sys.argv[2], json.loads(sys.argv[3])), sys.stdout)  # a program of its own
