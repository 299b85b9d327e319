"""`work` and `reset --discard-work` as they are typed: what is said, and the exit code."""

import json
import tempfile
from pathlib import Path

import pytest

from labctl.cli import provisioning
from labctl.cli.context import Context
from labctl.cli.main import main
from labctl.features.lifecycle.state import read_state
from labctl.features.lifecycle.up import bring_up
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
    bring_up(engine, definition(), "ana", tell=quiet)
    engine.files[VOLUME] = dict(WORK)
    monkeypatch.setattr(Context, "engine", engine)
    monkeypatch.setattr(Context, "definition", definition())
    monkeypatch.setattr(provisioning, "shut_borders", lambda *_: None)
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
    assert told["discarded"] == {"outcome": "empty", "path": None, "folder": ""}
    engine.files[VOLUME] = dict(WORK)
    assert main(["reset", "ana", "--discard-work", "--json"]) == 0
    (told,) = json.loads(capsys.readouterr().out)
    assert told["discarded"] == {"outcome": "same", "path": str(snapshot), "folder": ""}


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
    bring_up(engine, definition(), "ana", tell=quiet, settings=settings)
    assert main(["reset", "ana", "--discard-work"]) == 0
    assert read_state(engine, "ana").settings == settings


def test_a_home_of_the_host_is_said_never_to_be_emptied(
    engine: FakeEngine, capsys: pytest.CaptureFixture[str]
) -> None:
    engine.files["/srv/ana"] = dict(WORK)
    settings = LabSettings(work="/srv/ana", work_owner="7:7")
    bring_up(engine, definition(), "ana", tell=quiet, settings=settings)
    assert main(["reset", "ana", "--discard-work"]) == 0
    assert "it is /srv/ana of this host, which is never emptied" in capsys.readouterr().out
    assert engine.files["/srv/ana"] == WORK
