"""A folder of the host as a learner's home, instead of the lab's own volume."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePath
from shlex import quote

from labctl.composefile.storage import holds_engine_socket
from labctl.errors import InputError
from labctl.replacing import open_folder

LEARNER = (1000, 1000)  # `student` of services/Dockerfile; on most laptops the user's own ids, too
MODE = 0o700  # a home is its owner's alone


def prepare_work_folder(path: Path) -> str:
    """Make sure that a folder can be a learner's home, and return its owner as `uid:gid`.

    A folder that is not there is created, for its owner alone. The toolbox runs as the folder's owner, so
    that what a learner writes belongs to the folder's owner; neither user nor group is ever root.

    Raises:
        InputError: no folder can be there, a link on the way is of a learner's making, or the folder must not
            be given to a container.
    """
    with _refused_in_words(path):
        _create_above(path)
        return _learner_of(path, _create(path))


def owner_of_work_folder(path: Path) -> str:
    """Return the owner that a folder has as a learner's home, as `uid:gid`; nothing is created.

    Of a folder that is not there yet it is the one that it would be given.

    Raises:
        InputError: as `prepare_work_folder`, as far as can be seen.
    """
    with _refused_in_words(path):
        try:
            return _learner_of(path, _state_of(open_folder(path)))
        except FileNotFoundError:
            owner = LEARNER if os.geteuid() == 0 else (os.geteuid(), os.getegid())
            return "{}:{}".format(*owner)


@contextmanager
def _refused_in_words(path: Path) -> Iterator[None]:
    """Raise InputError for what can be no home, whether we see it or the system says it."""
    where = f"work folder {path}"
    if holds_engine_socket(str(path)):
        raise InputError("holds the Engine's socket, which no container may have", where=where)
    try:
        if path.is_symlink():
            raise InputError(
                "is a symbolic link", where=where, hint=f"--work {quote(os.path.realpath(path))}"
            )
        yield
    except FileExistsError:  # what mkdir says of a file in a folder's place
        raise InputError("cannot be used: Not a directory", where=where) from None
    except OSError as error:
        raise InputError(f"cannot be used: {error.strerror}", where=where) from None


def _learner_of(path: Path, found: os.stat_result) -> str:
    """Return a folder's owner as `uid:gid`, who is never root."""
    if 0 in (found.st_uid, found.st_gid):
        raise InputError(
            "belongs to root or to root's group, and nothing in a lab runs as that",
            where=f"work folder {path}",
            hint=f"chown -R {LEARNER[0]}:{LEARNER[1]} {quote(str(path))}",
        )
    return f"{found.st_uid}:{found.st_gid}"


def _create_above(path: Path) -> None:
    """Create the folders in which a home is to lie, each for its owner alone.

    A learner may open the home itself to all, and leave a program there that runs as its owner: where the
    folder above is closed, no other user of this machine reaches it.
    """
    missing = [each for each in path.parents if not each.exists()]
    for each in reversed(missing):
        each.mkdir(mode=MODE, exist_ok=True)


def _create(path: Path) -> os.stat_result:
    """Return a folder's state, after it was created if it was not there; no learner's link is followed."""
    parent = open_folder(path.parent)
    try:
        try:
            os.mkdir(path.name, MODE, dir_fd=parent)
        except FileExistsError:
            folder = open_folder(path)
        else:
            folder = os.open(path.name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=parent)
            if os.geteuid() == 0:
                os.fchown(folder, *LEARNER)
            os.fchmod(folder, MODE)  # whatever the umask
    finally:
        os.close(parent)
    return _state_of(folder)


def _state_of(folder: int) -> os.stat_result:
    """Return the state of an open folder, and close it."""
    try:
        return os.fstat(folder)
    finally:
        os.close(folder)


def refuse_nested(folders: Mapping[str, str]) -> None:
    """Raise InputError where a lab's home lies in another's: its learner could make links there.

    Args:
        folders: by lab, absolute paths; labs without one are left out.
    """
    known: dict[PurePath, str] = {}
    for lab, folder in folders.items():
        path = PurePath(os.path.realpath(folder))
        if path in known:
            raise InputError(f"{folder} is the home of lab '{known[path]}' already", where=f"lab '{lab}'")
        known[path] = lab
    for path, lab in known.items():
        if outer := next((known[each] for each in path.parents if each in known), None):
            raise InputError(f"{path} lies in the home of lab '{outer}'", where=f"lab '{lab}'")
