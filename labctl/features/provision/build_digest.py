"""What an image is built from, as one hash: when it is the same, the image is up to date."""

import hashlib
import os
import re
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

from labctl.errors import InputError
from labctl.features.provision.ignoring import read_ignored
from labctl.model import Build

# What programs leave beside the files they work on is no input, whether or not a .dockerignore names it.
LEFT_BY_PROGRAMS = re.compile(
    r"__pycache__|\.(?:mypy|ruff|pytest)_cache|.*\.py[co]|\..*\.sw[a-z]|.*~|\.#.*|#.*#|\.DS_Store"
)


def digest_of_build(build: Build) -> str:
    """Return the hash of a build: its files, Dockerfile, target and arguments.

    Of a file counts what git keeps: name, content and the executable bit.

    Raises:
        InputError: the folder or the Dockerfile is not there, or a file cannot be read.
    """
    try:
        return _digest(build)
    except OSError as error:
        what = f"cannot be read: {error.strerror}, and an image is built from it"
        raise InputError(what, where=str(error.filename), hint=f"ls -ld {error.filename}") from error


def _digest(build: Build) -> str:
    dockerfile = build.context / build.dockerfile
    if not dockerfile.is_file():
        raise InputError("this Dockerfile does not exist", where=str(dockerfile))
    sha256 = hashlib.sha256()
    _feed(sha256.update, "target", build.target or "")
    for name, value in sorted(build.args.items()):
        _feed(sha256.update, "argument", name, value)
    _feed(sha256.update, "dockerfile", dockerfile.read_bytes())
    for path in sorted(_files(build.context, "", read_ignored(build.context))):
        file = build.context / path
        if file.is_symlink():
            _feed(sha256.update, "link", path, str(file.readlink()))
        else:
            # Nothing more of the mode: the rest is the umask under which the checkout was made.
            kind = "program" if file.stat().st_mode & stat.S_IXUSR else "file"
            _feed(sha256.update, kind, path, file.read_bytes())
    return sha256.hexdigest()


def _feed(update: Callable[[bytes], None], *words: str | bytes) -> None:
    """Feed words to a hash so that no two lists of words look the same to it."""
    for word in words:
        data = word if isinstance(word, bytes) else os.fsencode(word)
        update(b"%d:" % len(data) + data)
    update(b";")


def _files(context: Path, folder: str, ignored: Callable[[str], bool]) -> Iterator[str]:
    """Yield the files and links below a folder, their paths relative to the context."""
    with os.scandir(context / folder) as entries:
        for entry in entries:
            path = f"{folder}{entry.name}"
            if LEFT_BY_PROGRAMS.fullmatch(entry.name) or ignored(path):
                continue
            if entry.is_dir(follow_symlinks=False):
                yield from _files(context, f"{path}/", ignored)
            elif entry.is_file() or entry.is_symlink():
                yield path
