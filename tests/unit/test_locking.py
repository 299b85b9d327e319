"""The lock between processes: where its file is, and that a full disk does not break it."""

import errno
import os
from pathlib import Path

import pytest

from labctl.errors import LabError
from labctl.features import locking
from labctl.features.classroom.lab_lock import lab_lock
from labctl.features.locking import lock_path


def test_all_processes_of_a_user_come_to_the_same_file(locks: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = lock_path("-lab-ana")
    for variable in ("TMPDIR", "XDG_RUNTIME_DIR", "HOME"):
        monkeypatch.setenv(variable, str(locks.parent))
    assert lock_path("-lab-ana") == before == locks / f"labctl-{os.geteuid()}-lab-ana.lock"


def test_the_first_folder_that_is_there_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locking, "FOLDERS", (tmp_path / "none", tmp_path))
    assert lock_path("").parent == tmp_path


def test_no_folder_for_the_lock_is_told_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locking, "FOLDERS", (tmp_path / "none",))
    with pytest.raises(LabError, match="No such file") as raised, lab_lock("ana", "labctl up ana", print):
        pass
    assert str(tmp_path / "none") in raised.value.where
    assert raised.value.hint


def test_on_a_full_disk_the_lock_holds_without_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "pwrite", full)
    with (
        lab_lock("ana", "labctl up ana", print),
        pytest.raises(LabError, match="another labctl has had lab 'ana'"),
        lab_lock("ana", "labctl down ana", print, timeout_s=0),
    ):
        pass
