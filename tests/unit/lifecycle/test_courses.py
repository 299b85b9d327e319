"""Several courses on one Engine: `--all` means one's own, and no course touches another one's lab."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from labctl import labels
from labctl.cli.context import Context
from labctl.cli.main import main
from labctl.composefile import read_definition
from labctl.errors import InputError
from labctl.features.lifecycle.down import take_down
from labctl.features.lifecycle.ownership import read_lab_names
from labctl.features.lifecycle.reset import reset
from labctl.features.lifecycle.state import read_state
from labctl.features.lifecycle.up import bring_up
from labctl.features.one_off import find_running_lab
from labctl.features.work.discard import discard_work
from labctl.features.work.restore import restore
from labctl.features.work.save import save
from labctl.model import Definition
from tests.unit.definitions import definition
from tests.unit.fake_engine import FakeEngine

ONE = replace(definition(), course="one")
TWO = replace(definition(), course="two", path=Path("/two/compose.yaml"))


def quiet(_step: str) -> None:
    """Tell nobody."""


@pytest.fixture
def engine() -> FakeEngine:
    """Two courses with a lab each, and the home of a third that is down."""
    engine = FakeEngine()
    bring_up(engine, ONE, "ana", progress=quiet)
    bring_up(engine, TWO, "ben", progress=quiet)
    bring_up(engine, TWO, "cleo", progress=quiet)
    take_down(engine, "cleo", progress=quiet, file=TWO.path, volumes_of=TWO)
    return engine


def test_a_course_has_its_own_labs_and_homes(engine: FakeEngine) -> None:
    assert read_lab_names(engine, ONE.path, course="one", home="work") == ["ana"]
    assert read_lab_names(engine, TWO.path, course="two", home="work") == ["ben", "cleo"]
    assert read_lab_names(engine, TWO.path, course="two") == ["ben"]
    assert read_lab_names(engine, ONE.path, home="work") == ["ana", "ben", "cleo"]


def test_a_lab_of_an_earlier_version_is_every_courses(engine: FakeEngine) -> None:
    forget_courses(engine)
    assert read_lab_names(engine, ONE.path, course="one") == ["ana", "ben"]
    bring_up(engine, ONE, "ben", progress=quiet)


def forget_courses(engine: FakeEngine) -> None:
    labelled = [each.labels for each in engine.containers({})] + [each.labels for each in engine.networks()]
    for own in [*labelled, *engine.volume_labels({}).values()]:
        own.pop(labels.COURSE, None)  # type: ignore[attr-defined]


VERBS: dict[str, Callable[[FakeEngine, Definition, str], object]] = {
    "up": lambda engine, course, lab: bring_up(engine, course, lab, progress=quiet),
    "down": lambda engine, course, lab: take_down(
        engine, lab, progress=quiet, file=course.path, course=course.course
    ),
    "reset": lambda engine, course, lab: reset(engine, course, lab, progress=quiet),
    "save": lambda engine, course, lab: save(engine, course, lab, progress=quiet),
    "check": lambda engine, course, lab: find_running_lab(engine, course, lab),
    "discard": lambda engine, course, lab: discard_work(engine, course, lab, progress=quiet),
    "restore": lambda engine, course, lab: restore(engine, course, lab, Path("any.tar"), progress=quiet),
}


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("lab", ["ben", "cleo"])
def test_the_lab_of_another_course_is_left_alone(verb: str, lab: str, engine: FakeEngine) -> None:
    before = list(engine.steps)
    with pytest.raises(InputError, match=f"there is a lab '{lab}' of course 'two', and this is course 'one'"):
        VERBS[verb](engine, ONE, lab)
    assert engine.steps == before
    assert read_state(engine, lab).course == "two"


def run(engine: FakeEngine, course: Definition, monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr(Context, "engine", engine)
    monkeypatch.setattr(Context, "definition_as_read", course)
    monkeypatch.setattr(Context, "path_if_any", course.path)
    return main([*words])


def test_all_is_this_course_and_all_courses_is_everything(
    engine: FakeEngine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(engine, ONE, monkeypatch, "status", "--all", "--brief") == 0
    said = capsys.readouterr().out
    assert "ana" in said
    assert "ben" not in said
    assert run(engine, ONE, monkeypatch, "status", "--all-courses", "--brief") == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[:2] for line in lines] == [
        ["LAB", "COURSE"],
        ["ana", "one"],
        ["ben", "two"],
        ["cleo", "two"],
    ]
    assert run(engine, ONE, monkeypatch, "down", "--all") == 0
    assert read_lab_names(engine, None) == ["ben"]
    assert run(engine, ONE, monkeypatch, "down", "--all-courses") == 0
    assert read_lab_names(engine, None) == []
    assert run(engine, TWO, monkeypatch, "status", "--all") == 0
    assert "cleo: down; its work is kept in volume lab-cleo_work" in capsys.readouterr().out


def test_each_lab_is_reset_by_the_file_that_it_was_made_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    engine = FakeEngine()
    files = {}
    for course, lab in (("one", "ana"), ("two", "ben")):
        (folder := tmp_path / course).mkdir()
        files[lab] = folder / "compose.yaml"
        files[lab].write_text(
            f"x-labctl: {{course: {course}}}\n"
            f"services: {{of-{course}: {{image: client, labels: {{lab.role: toolbox}}}}}}\n"
        )
        bring_up(engine, read_definition(files[lab], {}), lab, progress=quiet)
    monkeypatch.setattr(Context, "engine", engine)
    assert main(["-f", str(files["ana"]), "reset", "--all-courses"]) == 0
    assert capsys.readouterr().out == "".join(f"{lab}: 1 services reset in place\n" for lab in files)
    files["ben"].chmod(0o666)
    assert main(["-f", str(files["ana"]), "reset", "--all-courses"]) == 2
    told = capsys.readouterr()
    assert told.out == "ana: 1 services reset in place\n"
    assert f"{files['ben']} is not taken: every user of this machine may write to it" in told.err
