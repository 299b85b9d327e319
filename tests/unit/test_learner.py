"""A name for any user of a toolbox, and the usual files in a home that is new."""

import os
from pathlib import Path

import pytest

from services import learner


def test_the_current_user_gets_a_name_and_a_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/student")
    learner.give_name(tmp_path)
    user, group = os.getuid(), os.getgid()
    assert (tmp_path / "passwd").read_text() == f"student:x:{user}:{group}::/home/student:/bin/bash\n"
    assert (tmp_path / "group").read_text() == f"student:x:{group}:\n"


def test_a_new_home_gets_the_usual_files_and_keeps_its_mode(tmp_path: Path) -> None:
    skeleton, home = tmp_path / "skel", tmp_path / "home"
    (skeleton / "folder").mkdir(parents=True)
    (skeleton / "folder/file").write_text("usual")
    (skeleton / ".profile").write_text("usual")
    home.mkdir(mode=0o700)
    assert learner.is_new(home)
    learner.fill(home, skeleton)
    assert {path.name for path in home.iterdir()} == {"folder", ".profile"}
    assert home.stat().st_mode & 0o777 == 0o700
    assert not learner.is_new(home)
