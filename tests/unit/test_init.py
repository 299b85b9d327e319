"""PID 1 of every container, as far as it can be tried without being one."""

from pathlib import Path

import pytest

from services import init


def test_an_answer_is_a_line_of_its_own_whatever_others_left_unfinished(
    capfd: pytest.CaptureFixture[str],
) -> None:
    print("unfinished", end="", flush=True)
    init.answer("reset")
    assert "init: reset" in capfd.readouterr().out.splitlines()


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two places to empty, `own` and `shared`, and no System V objects."""
    for name in ("own", "shared"):
        (tmp_path / name).mkdir()
    monkeypatch.setattr(init, "PLACES", [str(tmp_path / "own")])
    monkeypatch.setattr(init, "SHARED", [str(tmp_path / "shared")])
    monkeypatch.setattr(init, "SYSTEM_V_TABLES", ())
    return tmp_path


def test_own_files_are_removed_from_every_place(places: Path) -> None:
    for name in ("own", "shared"):
        (places / name / "closed/deep").mkdir(parents=True)
        (places / name / "closed").chmod(0)
    assert init.empty_writable_places() == ""
    assert not list(places.glob("*/*"))


def test_what_cannot_be_removed_is_a_refusal_but_in_a_shared_place(
    places: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(init, "run", lambda *words: None)  # as for another user's files
    (places / "shared/anothers").touch()
    assert init.empty_writable_places() == ""
    (places / "own/anothers").touch()
    assert init.empty_writable_places() == f"{places}/own could not be emptied"


def test_system_v_objects_that_cannot_be_removed_are_a_refusal(
    places: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(init, "run", lambda *words: None)
    monkeypatch.setattr(init, "SYSTEM_V_TABLES", (str(places / "shm"),))
    (places / "shm").write_text("heading\n")
    assert init.empty_writable_places() == ""
    (places / "shm").write_text("heading\nanother's\n")
    assert init.empty_writable_places() == f"{places}/shm could not be emptied"
