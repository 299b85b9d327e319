"""The files in every place of this container that can be written to."""

import contextlib
import hashlib
import os
import stat
from collections.abc import Collection, Iterator
from pathlib import Path

from services.fingerprint import Attributes, Facts

MOUNTS = Path("/proc/self/mountinfo")
NO_STORAGE = ("proc", "sysfs", "cgroup", "cgroup2", "devpts")  # what is there is the kernel's
LINE_OCTETS = 1 << 20


def parse_mounts(text: str) -> list[str]:
    """Return the writable mount points in /proc/PID/mountinfo (proc_pid_mountinfo(5))."""
    places = []
    for line in text.splitlines():
        left, _, right = line.partition(" - ")
        fields, (kind, *_rest) = left.split(), right.split()
        options = fields[5].split(",")
        if "rw" in options and kind not in NO_STORAGE:
            places.append(fields[4].encode().decode("unicode_escape"))  # a blank stands there as \040
    return places


def read_files(*, left_out: str, shared: Collection[str] = (), mounts: Path = MOUNTS) -> Facts:
    """Return all files in the writable places, and the places themselves.

    What another user owns, in a place that containers share, is a fact of that user's container.

    Args:
        left_out: a folder to keep away from; empty: none.
        shared: the places that other containers have too.
        mounts: where the mount points are listed.
    """
    facts: Facts = {}
    owner = read_owner()
    for place in parse_mounts(mounts.read_text()):
        if left_out and (place == left_out or place.startswith(f"{left_out}/")):
            continue
        with contextlib.suppress(FileNotFoundError):  # another mount lies over it
            facts[place] = describe(place, os.lstat(place))
        for path, status in walk(place):
            if place not in shared or status.st_uid == owner:
                with contextlib.suppress(FileNotFoundError):  # it went while we looked
                    facts[path] = describe(path, status)
    return facts


def read_owner() -> int:
    """Return the user id of PID 1, which is the container's user, whichever we run as."""
    return Path("/proc/1").stat().st_uid


def walk(folder: str) -> Iterator[tuple[str, os.stat_result]]:
    """Yield all below a folder, without entering other mounts; a folder closed to us just by its name."""
    waiting = [folder]
    while waiting:
        here = waiting.pop()
        try:
            device = os.lstat(here).st_dev
            with os.scandir(here) as entries:
                for entry in entries:
                    status = entry.stat(follow_symlinks=False)
                    if status.st_dev != device:
                        continue
                    yield entry.path, status
                    if stat.S_ISDIR(status.st_mode):
                        waiting.append(entry.path)
        except OSError:  # no folder, closed to us, gone, or deeper than a path can tell
            continue


def describe(path: str, status: os.stat_result) -> Attributes:
    """Return type, mode, owner, size and content of a file. Times are no fact, nor is a folder's size."""
    kind = stat.S_IFMT(status.st_mode)
    facts = {
        "type": TYPES.get(kind, "unknown"),
        "mode": f"{stat.S_IMODE(status.st_mode):o}",
        "owner": f"{status.st_uid}:{status.st_gid}",
    }
    if kind == stat.S_IFLNK:
        facts["target"] = os.readlink(path)  # noqa: PTH115
    if kind == stat.S_IFREG:
        facts["size"] = str(status.st_size)
        facts["sha256"] = digest(path)
    return facts


TYPES = {
    stat.S_IFREG: "file",
    stat.S_IFDIR: "folder",
    stat.S_IFLNK: "link",
    stat.S_IFSOCK: "socket",
    stat.S_IFIFO: "pipe",
    stat.S_IFCHR: "device",
    stat.S_IFBLK: "device",
}


def digest(path: str) -> str:
    """Return the hash of a file's content; of one we may not read, that we may not."""
    sha256 = hashlib.sha256()
    try:
        with open(path, "rb") as file:  # noqa: PTH123
            while piece := file.read(LINE_OCTETS):
                sha256.update(piece)
    except OSError as error:
        return f"unreadable ({error.strerror})"
    return sha256.hexdigest()
