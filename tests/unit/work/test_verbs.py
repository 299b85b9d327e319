"""`work` and `reset --discard-work` as they are typed: what is said, and the exit code."""

import json
import os
import shlex
import tempfile
from pathlib import Path

import pytest

from labctl.cli import provisioning
from labctl.cli.context import Context
from labctl.cli.main import main
from labctl.features.lifecycle.state import read_state
from labctl.features.lifecycle.up import bring_up
from labctl.replacing import UNFINISHED
from labctl.settings import LabSettings
from tests.unit.definitions import definition
from tests.unit.fake_engine import SKELETON, FakeEngine

VOLUME = "lab-ana_work"
WORK = {"work.py": b"precious"}


def quiet(_step: str) -> None:
    """Tell nobody."""


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> FakeEngine:
    """An Engine with lab `ana`, in whose home there is work."""
    engine = FakeEngine()
    bring_up(engine, definition(), "ana", progress=quiet)
    engine.files[VOLUME] = dict(WORK)
    monkeypatch.setattr(Context, "engine", engine)
    monkeypatch.setattr(Context, "definition_as_read", definition())
    monkeypatch.setattr(provisioning, "isolate_labs", lambda *_: None)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return engine


def test_a_reset_that_discards_says_where_the_work_is(
    engine: FakeEngine, snapshots: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["reset", "ana", "--discard-work"]) == 0
    (snapshot,) = (snapshots / "ana").iterdir()
    assert f"the home is new; what was in it is saved in {snapshot}\n" in capsys.readouterr().out
    assert engine.files[VOLUME] == SKELETON
    assert main(["reset", "ana", "--discard-work", "--json"]) == 0
    (told,) = json.loads(capsys.readouterr().out)
    assert told["discarded"] == {"outcome": "empty", "path": None, "folder": "", "ended": []}
    engine.files[VOLUME] = dict(WORK)
    assert main(["reset", "ana", "--discard-work", "--json"]) == 0
    (told,) = json.loads(capsys.readouterr().out)
    assert told["discarded"] == {"outcome": "same", "path": str(snapshot), "folder": "", "ended": []}


def test_a_reset_that_discards_nothing_says_nothing_of_it(
    engine: FakeEngine, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["reset", "ana"]) == 0
    assert capsys.readouterr().out == "ana: 3 services reset in place\n"
    assert engine.files[VOLUME] == WORK


def test_the_work_of_a_lab_that_is_down_is_not_discarded_by_a_reset(
    engine: FakeEngine, snapshots: Path
) -> None:
    assert main(["down", "ana"]) == 0
    steps = list(engine.steps)
    assert main(["reset", "ana", "--discard-work"]) == 2
    assert engine.steps == steps
    assert engine.files[VOLUME] == WORK
    assert not snapshots.exists()


def test_where_the_work_cannot_be_saved_the_lab_stays_as_it_was(engine: FakeEngine, snapshots: Path) -> None:
    snapshots.write_text("no folder")
    assert main(["reset", "ana", "--discard-work"]) == 1
    assert engine.files[VOLUME] == WORK
    assert [each.state for each in read_state(engine, "ana").containers] == ["running"] * 3


def test_a_lab_keeps_its_settings_when_its_work_is_discarded(engine: FakeEngine) -> None:
    settings = LabSettings(cpus=0.5)  # the network was made without
    bring_up(engine, definition(), "ana", progress=quiet, settings=settings)
    assert main(["reset", "ana", "--discard-work"]) == 0
    assert read_state(engine, "ana").settings == settings


def test_a_home_of_the_host_is_said_never_to_be_emptied(
    engine: FakeEngine, capsys: pytest.CaptureFixture[str]
) -> None:
    engine.files["/srv/ana"] = dict(WORK)
    settings = LabSettings(work="/srv/ana", work_owner="7:7")
    bring_up(engine, definition(), "ana", progress=quiet, settings=settings, change_home=True)
    assert main(["reset", "ana", "--discard-work"]) == 0
    assert "it is /srv/ana of this host, which is never emptied" in capsys.readouterr().out
    assert engine.files["/srv/ana"] == WORK


TOO_LONG = "x" * 300


@pytest.mark.parametrize(
    "words",
    [
        ["restore", "ana", TOO_LONG],
        ["restore", "ana", "/dev/null/x"],
        ["restore", "ana", "/dev/null"],
        ["export", "ana", TOO_LONG],
        ["export", "ana", "/dev/null/x"],
        ["export", "ana", "/nosuch/x"],
        ["export", "ana", "/proc/x"],
    ],
)
def test_a_name_that_cannot_be_used_is_wrong_input(
    engine: FakeEngine, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    assert main(["work", *words]) == 2
    (line,) = [each for each in capsys.readouterr().err.splitlines() if not each.startswith("saving ")]
    assert line.startswith("error: ")
    assert "LABCTL_SNAPSHOTS" not in line
    assert engine.files[VOLUME] == WORK


def test_nothing_is_saved_for_an_export_to_a_name_that_is_too_long(
    engine: FakeEngine, snapshots: Path
) -> None:
    assert main(["work", "export", "ana", TOO_LONG]) == 2
    assert not snapshots.exists()


def test_a_link_that_leads_nowhere_is_a_damaged_snapshot(
    engine: FakeEngine, snapshots: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["work", "save", "ana"]) == 0
    (snapshots / "ana" / "x.tar").symlink_to("nowhere")
    assert main(["work", "list", "ana", "--json"]) == 0
    told = json.loads(capsys.readouterr().out.partition("\n")[2])
    assert [(each["state"], each["damage"]) for each in told] == [
        ("ok", ""),
        ("damaged", "it cannot be read: No such file or directory"),
    ]
    engine.files[VOLUME] = {}
    assert main(["work", "restore", "ana"]) == 0
    assert engine.files[VOLUME] == WORK
    engine.files[VOLUME] = {"other.py": b""}
    assert main(["work", "save", "ana"]) == 0


ODD = "a\n\x1b[31mred"


def test_odd_names_are_written_out(
    engine: FakeEngine,
    snapshots: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (snapshots / "ana").mkdir(parents=True)
    (snapshots / "ana" / f"{ODD}.tar").write_text("none")
    (tmp_path / ODD).write_text("none")
    assert main(["work", "list", "ana"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 2
    assert main(["work", "restore", "ana", str(tmp_path / ODD)]) == 2
    told = capsys.readouterr().err
    assert len(told.splitlines()) == 1
    assert r"a\n\x1b[31mred: not a whole snapshot" in told
    assert main(["work", "export", "ana", str(tmp_path / f"{ODD}.tar")]) == 0
    assert main(["work", "restore", "ana", str(tmp_path / f"{ODD}.tar")]) == 0
    told = "".join(capsys.readouterr())
    assert "\x1b" not in told
    assert r"\x1b[31mred.tar has it already" in told


@pytest.mark.parametrize("words", [[], ["my own.tar"]])
def test_an_interrupted_restore_says_what_finishes_it(
    engine: FakeEngine,
    snapshots: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["work", "export", "ana", "my own.tar"]) == 0
    (snapshot,) = (snapshots / "ana").iterdir()
    engine.files[VOLUME] = {"other.py": b"precious too"}

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(engine, "write_folder", interrupt)
        assert main(["work", "restore", "ana", *words]) == 130
    assert engine.files[VOLUME] != WORK
    (told,) = [each for each in capsys.readouterr().err.splitlines() if each.startswith("interrupted")]
    again = shlex.split(told.rpartition(": labctl ")[2])
    assert again == ["work", "restore", "ana", *(words or [snapshot.stem])]
    assert main(again) == 0
    assert engine.files[VOLUME] == WORK
    assert len(read_state(engine, "ana").containers) == 3


def test_an_export_to_a_folder_makes_the_file_in_it_of_a_class_one_a_lab(
    engine: FakeEngine, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bring_up(engine, definition(), "ben", progress=quiet)
    engine.files["lab-ben_work"] = dict(WORK)
    (tmp_path / "backups").mkdir()
    (tmp_path / "class.yaml").write_text("labs: [ana, ben]\n")
    backups = str(tmp_path / "backups")
    assert main(["work", "export", "ana", backups]) == 0
    assert "ana.tar is in" not in capsys.readouterr().out
    assert [each.name for each in (tmp_path / "backups").iterdir()] == ["ana.tar"]
    roster = ["--roster", str(tmp_path / "class.yaml")]
    assert main(["work", "export", *roster, backups, "--json"]) == 2  # of ana, where there is one already
    (told, failed) = json.loads(capsys.readouterr().out)
    assert (told["lab"], told["file"]) == ("ben", f"{backups}/ben.tar")
    assert (failed["lab"], failed["error"]) == ("ana", "it exists already")
    assert main(["work", "export", *roster, backups, "--force"]) == 0
    assert main(["work", "export", "ana", "ben", str(tmp_path / "none")]) == 2
    assert main(["work", "restore", "ben", f"{backups}/ben.tar"]) == 0


def test_an_export_to_standard_output_is_the_snapshot_and_nothing_else(
    engine: FakeEngine,
    snapshots: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["work", "export", "ana", "-"]) == 0
    (snapshot,) = (snapshots / "ana").iterdir()
    assert capfdbinary.readouterr().out == snapshot.read_bytes()
    assert not (tmp_path / "-").exists()
    assert main(["work", "export", "ana", "ben", "-"]) == 2
    assert main(["work", "export", "ana", "-", "--json"]) == 2


def test_an_export_into_a_learners_folder_neither_hangs_nor_follows(
    engine: FakeEngine, tmp_path: Path
) -> None:
    (folder := tmp_path / "learners").mkdir()
    folder.chmod(0o777)
    os.mkfifo(folder / f"{UNFINISHED}x")
    (tmp_path / "mine").write_text("precious")
    (folder / "ana.tar").symlink_to(tmp_path / "mine")
    assert main(["work", "export", "ana", str(folder), "--force"]) == 0
    assert (tmp_path / "mine").read_text() == "precious"
    os.mkfifo(folder / "ben.tar")
    assert main(["work", "export", "ana", str(folder / "ben.tar"), "--force"]) == 2
