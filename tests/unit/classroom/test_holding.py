"""The lock on a lab: the second waits, says for whom, and gets it when the first has ended."""

import threading
from pathlib import Path

import pytest

from labctl.errors import UnhealthyError
from labctl.features.classroom.holding import hold_lab


def test_the_second_waits_and_says_for_whom(tmp_path: Path) -> None:
    told: list[str] = []
    asked = threading.Event()
    got = threading.Event()

    def second() -> None:
        def tell(step: str) -> None:
            told.append(step)
            asked.set()

        with hold_lab("ana", "labctl up ana", tell, folder=tmp_path):
            got.set()

    thread = threading.Thread(target=second)
    with hold_lab("ana", "labctl reset ana", told.append, folder=tmp_path):
        thread.start()
        assert asked.wait(5)
        assert not got.is_set()
    thread.join(5)
    assert got.is_set()
    assert "labctl reset ana (process" in told[0]


def test_another_lab_is_not_held(tmp_path: Path) -> None:
    told: list[str] = []
    with (
        hold_lab("ana", "labctl up ana", told.append, folder=tmp_path),
        hold_lab("ben", "labctl up ben", told.append, folder=tmp_path, timeout_s=0.0),
    ):
        assert told == []


def test_who_waits_in_vain_is_told_who_has_it(tmp_path: Path) -> None:
    with (
        hold_lab("ana", "labctl down ana", print, folder=tmp_path),
        pytest.raises(UnhealthyError, match="labctl down ana"),
        hold_lab("ana", "labctl up ana", print, folder=tmp_path, timeout_s=0.1),
    ):
        pass
