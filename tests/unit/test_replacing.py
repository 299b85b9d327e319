"""Files that labctl writes where it is told to: whole or not at all, and never through a learner's link."""

import fcntl
import os
import stat
import threading
from pathlib import Path

import pytest

from labctl import replacing
from labctl.replacing import UNFINISHED, check_place, replaced_file


def names(folder: Path) -> list[str]:
    """Return what is in a folder, without that of the tests' own set-up."""
    return sorted(each.name for each in folder.iterdir() if each.name != "locks")


def write(path: Path, content: bytes = b"new", *, overwrite: bool = True) -> None:
    with replaced_file(path, overwrite=overwrite) as file:
        file.write(content)


@pytest.fixture
def learners(tmp_path: Path) -> Path:
    """A folder that others may write to."""
    (folder := tmp_path / "learners").mkdir()
    folder.chmod(0o777)
    return folder


def test_a_file_is_replaced_and_nothing_else_is_left(tmp_path: Path) -> None:
    (path := tmp_path / "report.xml").write_bytes(b"old")
    write(path)
    assert path.read_bytes() == b"new"
    assert names(tmp_path) == ["report.xml"]


def test_what_fails_half_way_leaves_what_was_there(tmp_path: Path) -> None:
    (path := tmp_path / "report.xml").write_bytes(b"old")
    with pytest.raises(RuntimeError), replaced_file(path) as file:
        file.write(b"half")
        raise RuntimeError
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["report.xml"]


def test_a_link_in_the_files_place_is_replaced_and_not_followed(learners: Path, tmp_path: Path) -> None:
    (mine := tmp_path / "mine").write_bytes(b"precious")
    (learners / "report.xml").symlink_to(mine)
    write(learners / "report.xml")
    assert mine.read_bytes() == b"precious"
    assert not (learners / "report.xml").is_symlink()


@pytest.mark.parametrize("target", ["absolute", "relative"])
def test_a_link_on_the_way_is_not_followed_where_others_may_write(
    learners: Path, tmp_path: Path, target: str
) -> None:
    (mine := tmp_path / "mine").mkdir()
    (learners / "sub").symlink_to(mine if target == "absolute" else "../mine")
    for act in (write, check_place):
        with pytest.raises(OSError, match="symbolic link"):
            act(learners / "sub" / "report.xml")
    assert not names(mine)


@pytest.fixture
def only_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests' temporary folder lies in one that others may write to; here only `learners` is such."""

    def is_ours(folder: os.stat_result) -> bool:
        return stat.S_IMODE(folder.st_mode) != 0o777

    monkeypatch.setattr(replacing, "_is_ours", is_ours)


@pytest.mark.usefixtures("only_ours")
def test_a_link_of_our_own_leads_to_a_learners_folder_but_not_through_it(
    learners: Path, tmp_path: Path
) -> None:
    (tmp_path / "absolute").symlink_to(learners)
    (tmp_path / "relative").symlink_to("learners")
    for link in ("absolute", "relative"):
        write(tmp_path / link / "x")
        assert names(learners) == ["x"]
        (learners / "x").unlink()
    (learners / "sub").symlink_to(tmp_path)
    (tmp_path / "through").symlink_to("learners/sub")
    for folder in ("absolute/sub", "through"):
        with pytest.raises(OSError, match="symbolic link in a folder that others may write to"):
            write(tmp_path / folder / "x")


@pytest.mark.usefixtures("only_ours")
def test_links_in_a_circle_have_an_end(tmp_path: Path) -> None:
    (tmp_path / "round").symlink_to("round")
    with pytest.raises(OSError, match="symbolic links"):
        write(tmp_path / "round" / "x")


@pytest.mark.parametrize(
    ("mode", "owner", "ours"),
    [(0o755, 0, True), (0o700, 1000, True), (0o1777, 0, False), (0o775, 1000, False), (0o700, 1001, False)],
)
def test_a_folder_is_ours_alone_where_only_we_and_root_can_write(
    monkeypatch: pytest.MonkeyPatch, mode: int, owner: int, ours: bool
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert replacing._is_ours(os.stat_result((mode, 0, 0, 1, owner, 0, 0, 0, 0, 0))) is ours


def test_only_an_own_file_is_swept_and_a_pipe_blocks_nothing(learners: Path) -> None:
    os.mkfifo(learners / f"{UNFINISHED}pipe")
    (learners / f"{UNFINISHED}link").symlink_to("elsewhere")
    (learners / f"{UNFINISHED}left").write_bytes(b"by a killed one")
    writing = threading.Thread(target=write, args=(learners / "x",), daemon=True)
    writing.start()
    writing.join(10)
    assert not writing.is_alive()
    assert names(learners) == [f"{UNFINISHED}link", f"{UNFINISHED}pipe", "x"]


def test_what_is_no_file_is_not_replaced(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for place in (tmp_path / "pipe", tmp_path, Path("/dev/null"), Path("/dev/stdout"), Path("/proc/x")):
        for act in (write, check_place):
            with pytest.raises(OSError, match=r"file|directory"):
                act(place)


def test_what_exists_is_kept_unless_it_may_be_overwritten(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("nowhere")
    with pytest.raises(FileExistsError):
        write(tmp_path / "link", overwrite=False)
    write(tmp_path / "new", overwrite=False)
    assert (tmp_path / "new").read_bytes() == b"new"


def test_a_file_that_is_swept_before_it_is_locked_is_created_once_more(
    learners: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = fcntl.flock
    swept: list[Path] = []

    def sweep_first(file: int, how: int) -> None:
        if not swept:
            swept.extend(learners.iterdir())
            swept[0].unlink()
        lock(file, how)

    monkeypatch.setattr(fcntl, "flock", sweep_first)
    write(learners / "report.xml")
    assert len(swept) == 1
    assert names(learners) == ["report.xml"]
