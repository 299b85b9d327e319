"""What comes out of a container is written into the lab's folder, and nowhere else."""

import io
import os
import stat
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from labctl.features.work.collect import CollectedFile, _unpacked
from labctl.features.work.members import BadTarError

FILE, FOLDER, LINK = tarfile.REGTYPE, tarfile.DIRTYPE, tarfile.SYMTYPE


def packed(*members: tuple[str, bytes, int]) -> Iterator[bytes]:
    """Yield a tar of members: name, kind, and the time that is theirs."""
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for name, kind, time in members:
            member = tarfile.TarInfo(name)
            member.type, member.mtime = kind, time
            member.size = 3 if kind == FILE else 0
            tar.addfile(member, io.BytesIO(b"abc"))
    yield file.getvalue()


@contextmanager
def umask(mask: int) -> Iterator[None]:
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


def unpacked(folder: Path, *members: tuple[str, bytes, int]) -> list[CollectedFile]:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        with umask(0):
            return list(_unpacked(packed(*members), descriptor))
    finally:
        os.close(descriptor)


def test_files_and_folders_are_written_with_their_times(tmp_path: Path) -> None:
    [found] = unpacked(
        tmp_path, ("stage", FOLDER, 0), ("stage/a", FOLDER, 0), ("stage/a/work.py", FILE, 1_000_000_000)
    )
    assert (found.path, found.file, found.size_bytes) == ("a/work.py", "a/work.py", 3)
    assert found.modified == "2001-09-09T01:46:40+00:00"
    state = (tmp_path / "a/work.py").stat()
    assert (stat.S_IMODE(state.st_mode), state.st_mtime) == (0o644, 1_000_000_000)
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o755


@pytest.mark.parametrize(
    "member",
    [
        ("other/work.py", FILE, 0),
        ("stage/../work.py", FILE, 0),
        ("stage/./work.py", FILE, 0),
        ("stage//work.py", FILE, 0),
        ("stage/a/../../work.py", FILE, 0),
        ("stage/link", LINK, 0),
        ("other", FOLDER, 0),
    ],
)
def test_what_has_no_place_in_the_folder_is_refused(member: tuple[str, bytes, int], tmp_path: Path) -> None:
    (inner := tmp_path / "inner").mkdir()
    with pytest.raises(BadTarError, match="has no place in it"):
        unpacked(inner, ("stage", FOLDER, 0), ("stage/a", FOLDER, 0), member)
    assert not (tmp_path / "work.py").exists()
