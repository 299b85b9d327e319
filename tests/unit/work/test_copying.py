"""The program that copies to and from a home, on folders as a learner may have made them."""

import errno
import os
import socket
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


def refusing(
    monkeypatch: pytest.MonkeyPatch, call: str, when: Callable[..., bool], error: OSError | None = None
) -> None:
    """Have one of the system's calls fail where its words are such."""
    real = getattr(os, call)

    def refuse(*words: Any, **more: Any) -> Any:
        if when(*words):
            raise error or PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        return real(*words, **more)

    monkeypatch.setattr(os, call, refuse)


def test_what_cannot_be_read_is_left_out_with_the_reason(
    source: Path, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (source / "closed").mkdir()
    (source / "folder/inside").mkdir(parents=True)
    (source / "secret").touch()
    inner: list[int] = []
    refusing(monkeypatch, "open", lambda name, *_: name in (b"closed", b"secret"))
    real = os.listdir

    def listdir(folder: int) -> list[str]:
        inner.append(folder)
        if len(inner) == 3:  # of the source, of `folder`, of `inside`
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        return real(folder)

    monkeypatch.setattr(os, "listdir", listdir)
    said = copied(source, target)
    reason = "Permission denied"
    assert said["left_out"] == [["closed", reason], ["folder/inside", reason], ["secret", reason]]
    assert said["counts"] == {"there": 0, "left_out": 3, "failed": 0}
    assert said["whole"]


FULL = OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize(
    ("call", "when"),
    [
        ("mkdir", lambda name, *_: name == b"a"),
        ("open", lambda name, *_: name == UNFINISHED),
        ("unlink", lambda name, *_: name == UNFINISHED),
        ("link", lambda *_: True),
        ("utime", lambda *_: True),
        ("fchmod", lambda *_: True),
    ],
)
def test_what_cannot_be_written_has_failed_with_the_reason(
    source: Path, target: Path, monkeypatch: pytest.MonkeyPatch, call: str, when: Callable[..., bool]
) -> None:
    (source / "a").mkdir()
    (source / "a/work.py").write_text("x")
    (target / "a").mkdir() if call != "mkdir" else None
    refusing(monkeypatch, call, when, FULL)
    said = copy(str(source), str(target), LIMITS)
    path = "a" if call == "mkdir" else "a/work.py"
    assert said["failed"] == [[path, "No space left on device"]]
    assert said["counts"] == {"there": 0, "left_out": 0, "failed": 1}
    assert (said["copied"], said["whole"]) == (0, True)


def test_a_disk_that_is_full_is_told_and_no_half_file_stays(source: Path, target: Path) -> None:
    (source / "work.py").write_bytes(b"x" * 100)

    class Full(copying.Copying):
        def _content(self, file: Any, written: Any) -> int:
            with os.fdopen(os.open("/dev/full", os.O_WRONLY), "wb", buffering=0) as full:
                return super()._content(file, full)

    run = Full(dict(LIMITS))
    here, there = (os.open(each, os.O_RDONLY) for each in (source, target))
    assert run.folder(here, there, b"", 0)
    os.close(here)
    os.close(there)
    assert run.told["failed"] == [["work.py", "No space left on device"]]
    assert [*target.iterdir()] == []


def test_a_time_that_no_file_has_is_a_failure_in_words(
    source: Path, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (source / "work.py").touch()
    refusing(monkeypatch, "utime", lambda *_: True, OverflowError("too large"))  # type: ignore[arg-type]
    assert copied(source, target)["failed"] == [["work.py", "too large"]]


def test_the_mask_of_the_process_does_not_matter_for_files(source: Path, target: Path) -> None:
    (source / "folder").mkdir()
    (source / "folder/work.py").touch()
    os.umask(before := os.umask(0))
    os.umask(0)
    try:
        copied(source, target)
    finally:
        os.umask(before)
    assert stat.S_IMODE((target / "folder").stat().st_mode) == 0o755
    assert stat.S_IMODE((target / "folder/work.py").stat().st_mode) == 0o644


def test_half_a_file_in_the_source_is_none_of_the_learners(source: Path, target: Path) -> None:
    (source / UNFINISHED).write_text("half")
    assert copied(source, target)["left_out"] == [[UNFINISHED, "half a file of labctl's own"]]


def test_sockets_are_left_out(source: Path, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(source)
    with socket.socket(socket.AF_UNIX) as sock:
        sock.bind("here")
        assert copied(source, target)["left_out"] == [["here", "a socket"]]


def test_what_becomes_no_file_meanwhile_is_left_out(
    source: Path, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (source / "work.py").touch()
    real = os.open

    def replace(name: Any, *words: Any, **more: Any) -> int:
        if name == b"work.py":
            (source / "work.py").unlink()
            os.mkfifo(source / "work.py")
        return real(name, *words, **more)

    monkeypatch.setattr(os, "open", replace)
    assert copied(source, target)["left_out"] == [["work.py", "no file any more"]]


def test_limits_are_reached_before_they_are_passed(source: Path, target: Path) -> None:
    (source / "0123456789").write_bytes(b"12345")
    (source / "x").write_bytes(b"12345")
    said = copied(
        source, target, max_file_bytes=5, max_bytes=10, max_path_bytes=10, max_entries=2, max_depth=1
    )
    assert (said["copied"], said["left_out"], said["whole"]) == (2, [], True)
    for path in target.iterdir():
        path.unlink()
    said = copied(source, target, max_bytes=9)
    assert (said["copied"], said["left_out"]) == (1, [["x", "with it, more than 0 MiB in all"]])


def test_too_many_entries_in_a_folder_below_end_it_too(source: Path, target: Path) -> None:
    (source / "a").mkdir()
    for number in range(3):
        (source / f"a/{number}").touch()
    assert not copied(source, target, max_entries=3)["whole"]


def test_long_paths_are_cut_where_they_are_told(source: Path, target: Path) -> None:
    just, over = "x" * 100 + "/" + "y" * 199, "x" * 100 + "/" + "y" * 200
    (source / just).parent.mkdir()
    (source / just).symlink_to("x")
    (source / over).symlink_to("x")
    assert copied(source, target)["left_out"] == [
        [just, "a symbolic link"],
        [f"{just}...", "a symbolic link"],
    ]
