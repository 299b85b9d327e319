"""The lock on a lab: the second waits, says for whom, and gets it when the first has ended."""

import threading
from pathlib import Path

import pytest

from labctl.errors import UnhealthyError
from labctl.features.classroom.lab_lock import lab_lock


def test_the_second_waits_and_says_for_whom(tmp_path: Path) -> None:
    told: list[str] = []
    asked = threading.Event()
    got = threading.Event()

    def second() -> None:
        def progress(step: str) -> None:
            told.append(step)
            asked.set()

        with lab_lock("ana", "labctl up ana", progress, folder=tmp_path):
            got.set()

    thread = threading.Thread(target=second)
    with lab_lock("ana", "labctl reset ana", told.append, folder=tmp_path):
        thread.start()
        assert asked.wait(5)
        assert not got.is_set()
    thread.join(5)
    assert got.is_set()
    assert "labctl reset ana (process" in told[0]


def test_another_lab_is_not_held(tmp_path: Path) -> None:
    told: list[str] = []
    with (
        lab_lock("ana", "labctl up ana", told.append, folder=tmp_path),
        lab_lock("ben", "labctl up ben", told.append, folder=tmp_path, timeout_s=0.0),
    ):
        assert told == []


def test_who_waits_in_vain_is_told_who_has_it(tmp_path: Path) -> None:
    with (
        lab_lock("ana", "labctl down ana", print, folder=tmp_path),
        pytest.raises(UnhealthyError, match="labctl down ana"),
        lab_lock("ana", "labctl up ana", print, folder=tmp_path, timeout_s=0.1),
    ):
        pass
