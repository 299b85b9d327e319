"""The program that copies to and from a home, on folders as a learner may have made them."""

import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from labctl.features.work import copying
from labctl.features.work.copying import UNFINISHED, copy
from labctl.features.work.inside import LIMITS


@pytest.fixture
def source(tmp_path: Path) -> Path:
    (tmp_path / "source").mkdir()
    return tmp_path / "source"


@pytest.fixture
def target(tmp_path: Path) -> Path:
    (tmp_path / "target").mkdir()
    return tmp_path / "target"


def copied(source: Path, target: Path, **limits: int) -> dict[str, object]:
    said = copy(str(source), str(target), {**LIMITS, **limits})
    assert not [*target.rglob(UNFINISHED)]
    return said


def test_files_and_folders_come_over_without_borrowed_rights(source: Path, target: Path) -> None:
    (source / "a/b").mkdir(parents=True)
    (source / "a/b/run.sh").write_text("run")
    (source / "a/b/run.sh").chmod(0o4711)
    (source / "text").write_text("text")
    (source / "text").chmod(0o600)
    os.utime(source / "text", (1_000_000_000, 1_000_000_000))
    assert copied(source, target)["copied"] == 2
    assert (target / "a/b/run.sh").read_text() == "run"
    assert stat.S_IMODE((target / "a/b/run.sh").stat().st_mode) == 0o755
    assert stat.S_IMODE((target / "text").stat().st_mode) == 0o644
    assert (target / "text").stat().st_mtime == 1_000_000_000


def test_what_is_there_stays_and_is_named(source: Path, target: Path) -> None:
    for folder, text in ((source, "starter"), (target, "mine")):
        (folder / "week").mkdir()
        (folder / "week/work.py").write_text(text)
    (source / "week/new.py").write_text("starter")
    said = copied(source, target)
    assert (said["copied"], said["there"]) == (1, [["week/work.py", ""]])
    assert (target / "week/work.py").read_text() == "mine"
    assert (target / "week/new.py").read_text() == "starter"


@pytest.mark.parametrize("leads_to", ["folder", "file", "nowhere"])
@pytest.mark.parametrize("starter", ["name", "name/below"])
def test_a_link_in_the_target_is_not_followed(
    source: Path, target: Path, tmp_path: Path, leads_to: str, starter: str
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("outside")
    (target / "name").symlink_to(tmp_path / leads_to)
    (source / starter).parent.mkdir(exist_ok=True)
    (source / starter).write_text("starter")
    said = copied(source, target)
    assert (said["copied"], said["there"]) == (0, [["name", ""]])
    assert [*(tmp_path / "folder").iterdir()] == []
    assert (tmp_path / "file").read_text() == "outside"
    assert not (tmp_path / "nowhere").exists()


def test_a_file_that_appears_meanwhile_stays(
    source: Path, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def link(*words: Any, **more: Any) -> None:
        (target / "work.py").write_text("mine")
        real(*words, **more)

    real = os.link
    monkeypatch.setattr(os, "link", link)
    (source / "work.py").write_text("starter")
    said = copied(source, target)
    assert (said["copied"], said["there"]) == (0, [["work.py", ""]])
    assert (target / "work.py").read_text() == "mine"


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda path: path.symlink_to("/etc/passwd"), "a symbolic link"),
        (os.mkfifo, "a named pipe"),
        (lambda path: os.truncate(os.open(path, os.O_CREAT | os.O_WRONLY), 1 << 40), "larger than 256 MiB"),
    ],
)
def test_what_is_no_plain_file_is_left_out_with_the_reason(
    source: Path, target: Path, make: Callable[[Path], object], reason: str
) -> None:
    make(source / "strange")
    (source / "work.py").write_text("work")
    said = copied(source, target)
    assert (said["copied"], said["left_out"]) == (1, [["strange", reason]])
    assert [each.name for each in target.iterdir()] == ["work.py"]


def test_all_files_together_are_bounded(source: Path, target: Path) -> None:
    for name in "abc":
        (source / name).write_bytes(bytes(2 << 20))
    said = copied(source, target, max_bytes=4 << 20)
    assert (said["copied"], said["left_out"]) == (2, [["c", "with it, more than 4 MiB in all"]])


def test_a_file_that_grows_meanwhile_is_bounded(
    source: Path, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copying, "PIECE_BYTES", 10)
    (source / "log").write_bytes(bytes(100))
    real = copying.Copying._judge_size

    def judge(self: copying.Copying, octets: int) -> None:
        real(self, 0 if octets == 100 else octets)  # it had none when it was looked at

    monkeypatch.setattr(copying.Copying, "_judge_size", judge)
    said = copied(source, target, max_file_bytes=50)
    assert (said["copied"], said["left_out"]) == (0, [["log", "larger than 0 MiB"]])
    assert [*target.iterdir()] == []


def test_too_many_entries_end_it(source: Path, target: Path) -> None:
    for number in range(11):
        (source / str(number)).touch()
    assert copied(source, target, max_entries=11)["whole"]
    assert not copied(source, target, max_entries=10)["whole"]


def test_too_deep_and_too_long_paths_are_left_out(source: Path, target: Path) -> None:
    (source / "a/b/c").mkdir(parents=True)
    (source / "a/long name").touch()
    said = copied(source, target, max_depth=3, max_path_bytes=10)
    assert said["left_out"] == [["a/long name", "its path is too long"]]
    said = copied(source, target, max_depth=2)
    assert said["left_out"] == [["a/b/c", "its path is too long"]]


def test_of_many_not_all_are_listed_but_counted(source: Path, target: Path) -> None:
    for number in range(9):
        (source / f"link{number}").symlink_to("x")
    said = copied(source, target, max_told=2)
    assert said["counts"] == {"there": 0, "left_out": 9, "failed": 0}
    assert len(said["left_out"]) == 2  # type: ignore[arg-type]


def test_what_an_interrupted_run_left_is_taken_away(source: Path, target: Path) -> None:
    (target / UNFINISHED).write_text("half")
    (source / "work.py").write_text("whole")
    assert copied(source, target)["copied"] == 1
    assert [each.name for each in target.iterdir()] == ["work.py"]


def test_names_that_are_no_utf8_come_over(source: Path, target: Path) -> None:
    name = b"\xff\n\x1b"
    (source / os.fsdecode(name)).write_text("x")
    copied(source, target)
    assert [os.fsencode(each.name) for each in target.iterdir()] == [name]
