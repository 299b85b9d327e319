"""Where the Compose file is looked for, and where the search stops."""

import grp
import os
import pwd
from pathlib import Path
from types import SimpleNamespace

import pytest

from labctl.cli import compose_search, main
from labctl.cli.compose_search import reason_against, search_upwards, trusted_users
from labctl.cli.context import Context, refuse_work_folder
from labctl.errors import InputError
from labctl.features.lifecycle.up import bring_up
from labctl.settings import LabSettings
from tests.unit.definitions import definition
from tests.unit.fake_engine import FakeEngine

ME = os.geteuid()
STRANGER = 54321


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A folder with a Compose file that only its owner may write to."""
    folder = tmp_path / "course"
    (folder / "deep" / "er").mkdir(parents=True)
    (folder / "compose.yaml").write_text("services: {web: {image: web}}\n")
    for each in (folder, folder / "deep", folder / "deep" / "er", folder / "compose.yaml"):
        each.chmod(0o755)
    return folder


def test_the_first_file_from_here_upwards_is_taken(course: Path) -> None:
    assert search_upwards(course, {}).path == course / "compose.yaml"
    assert search_upwards(course / "deep" / "er", {}).path == course / "compose.yaml"


@pytest.mark.parametrize("place", [".", "compose.yaml", "deep"])
def test_the_search_stops_where_others_may_write(course: Path, place: str) -> None:
    (course / place).chmod(0o757)
    found = search_upwards(course / "deep" / "er", {})
    assert found.path is None
    assert str(course / place).removesuffix("/.") in found.stopped
    assert "every user of this machine may write to it" in found.stopped


def test_the_search_stops_at_a_sticky_folder_too(course: Path) -> None:
    (course / "deep").chmod(0o1777)
    assert "the search for compose.yaml stops at" in search_upwards(course / "deep" / "er", {}).stopped


def test_a_group_that_may_write_is_believed_only_if_it_is_the_owners_own(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    course.chmod(0o775)
    monkeypatch.setattr(compose_search, "_is_private", lambda group, user: True)
    assert search_upwards(course, {}).path
    monkeypatch.setattr(compose_search, "_is_private", lambda group, user: False)
    assert "its group" in search_upwards(course, {}).stopped


@pytest.mark.parametrize(("members", "private"), [([], True), (["ana"], True), (["ana", "ben"], False)])
def test_a_users_own_group_has_the_users_name_and_no_other_member(
    members: list[str], private: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    group = SimpleNamespace(gr_name="ana", gr_mem=members)
    monkeypatch.setattr(grp, "getgrgid", lambda number: group)
    monkeypatch.setattr(pwd, "getpwuid", lambda number: SimpleNamespace(pw_name="ana"))
    assert compose_search._is_private(1000, 1000) is private


@pytest.mark.parametrize("place", [".", "compose.yaml", "deep"])
def test_the_search_stops_at_what_somebody_else_owns(
    course: Path, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    strange = (course / place).resolve()
    real = Path.stat

    def stat(path: Path, **how: bool) -> os.stat_result:
        found = real(path, **how)
        values = [*found]
        values[4] = STRANGER if path == strange else ME
        return os.stat_result(values)

    monkeypatch.setattr(Path, "stat", stat)
    found = search_upwards(course / "deep" / "er", {})
    assert found.path is None
    assert f"belongs to user {STRANGER}" in found.stopped


def test_root_believes_who_called_sudo_and_nobody_else_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert trusted_users({"SUDO_UID": "1000"}) == {0, 1000}
    assert trusted_users({}) == {0}
    assert trusted_users({"SUDO_UID": "x"}) == {0}
    monkeypatch.setattr(os, "geteuid", lambda: 7)
    assert trusted_users({"SUDO_UID": "1000"}) == {0, 7}


def test_what_cannot_be_looked_at_is_not_believed(tmp_path: Path) -> None:
    assert "cannot be looked at" in reason_against(tmp_path / "gone", frozenset({ME}))


def test_a_file_that_is_not_taken_is_named_with_its_reason(
    course: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    course.chmod(0o777)
    monkeypatch.chdir(course)
    assert main.main(["up", "ana"]) == 2
    said = capsys.readouterr().err
    assert said.startswith(f"error: {course}/compose.yaml is not taken: every user of this machine may write")
    assert "labctl -f FILE" in said


def test_a_file_named_on_purpose_is_read_wherever_it_is(course: Path) -> None:
    course.chmod(0o777)
    assert list(Context(course / "compose.yaml").definition.services) == ["web"]


@pytest.mark.parametrize("words", [["up", "ana"], ["reset", "ana"], ["run", "ana", "x"], ["check", "ana"]])
def test_a_file_that_asks_for_too_much_is_refused_before_the_engine_is_asked(
    words: list[str], course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (course / "compose.yaml").write_text("services: {web: {image: web, user: root, volumes: ['/etc:/x']}}\n")
    assert main.main(["-f", str(course / "compose.yaml"), *words]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "service 'web' asks for the host's folder /etc; service 'web' asks for user root" in said
    assert "--trust" in said


def test_a_trusted_file_is_taken_and_what_it_asks_for_listed(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (course / "compose.yaml").write_text("services: {web: {image: web, user: root}}\n")
    assert Context(course / "compose.yaml", trust=True).definition.services["web"].user == "root"
    assert capsys.readouterr().err == "trusted, by --trust: service 'web' asks for user root\n"


def test_the_learners_home_of_a_lab_is_no_place_for_a_compose_file(tmp_path: Path) -> None:
    engine = FakeEngine()
    settings = LabSettings(work=str(tmp_path / "ana"), work_owner="1000:1000")
    engine.files[settings.work] = {}
    bring_up(engine, definition(), "ana", progress=print, settings=settings)
    refuse_work_folder(tmp_path / "compose.yaml", engine)
    with pytest.raises(InputError, match="the learner's home of lab 'ana'"):
        refuse_work_folder(tmp_path / "ana" / "deep" / "compose.yaml", engine)
