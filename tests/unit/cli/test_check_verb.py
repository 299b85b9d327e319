"""A lab that cannot be checked is told to people and to machines alike."""

import json
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest

from labctl.cli import check_verb
from labctl.cli.main import main
from labctl.engine import Engine
from labctl.features.checks.result import CheckResult
from labctl.features.lifecycle.lab import Lab
from labctl.features.lifecycle.up import bring_up
from tests.unit.definitions import definition
from tests.unit.fake_engine import FakeEngine


@pytest.fixture(autouse=True)
def only_ana_is_up(engine: FakeEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    bring_up(engine, definition(), "ana", progress=lambda step: None)
    monkeypatch.setattr(check_verb, "run_checks", pass_one)


def pass_one(_engine: Engine, lab: Lab, *_: object, **__: object) -> Iterator[CheckResult]:
    yield CheckResult(lab.name, "alpha", "answers", "it answers \ud800\ufffe", "passed", "", "", "", 0.1)


def test_json_says_that_not_all_is_well_and_why(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "ana", "zoe", "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert not told["well"]
    assert [(each["lab"], each["outcome"]) for each in told["results"]] == [
        ("ana", "passed"),
        ("zoe", "broken"),
    ]
    assert told["counts"]["broken"] == 1
    [error] = told["errors"]
    assert (error["lab"], error["error"], error["try"]) == ("zoe", "lab 'zoe' is not up", "labctl up zoe")


def test_json_is_a_document_for_one_lab_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "zoe", "--json"]) == 1
    out, err = capsys.readouterr()
    assert [each["lab"] for each in json.loads(out)["errors"]] == ["zoe"]
    assert "error: lab 'zoe' is not up" in err


def test_where_all_is_well_there_is_no_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "ana", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["well"]
    assert told["errors"] == []


def test_tap_has_a_line_that_is_not_ok(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "ana", "zoe", "--tap"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[1:4] == ["1..2", "ok 1 - ana alpha answers", "not ok 2 - zoe lab can_be_checked"]


def test_junit_has_an_error(tmp_path: Path) -> None:
    assert main(["check", "ana", "zoe", "--junit", str(tmp_path / "report.xml")]) == 1
    root = ElementTree.parse(tmp_path / "report.xml").getroot()  # our own file
    assert (root.get("tests"), root.get("failures"), root.get("errors")) == ("2", "0", "1")
    [case] = [each for each in root.iter("testcase") if each.find("error") is not None]
    assert case.get("classname") == "zoe.lab"


@pytest.mark.parametrize("place", ["a-file/report.xml", "nowhere/report.xml", "."])
def test_a_place_that_cannot_be_written_is_refused_before_the_run(
    place: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a-file").touch()
    assert main(["check", "ana", "--junit", str(tmp_path / place)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("error: ")
    assert "--junit" in err


def test_a_report_that_cannot_be_written_after_all_leaves_the_results(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def remove_the_folder(*_: object, **__: object) -> Iterator[CheckResult]:
        (tmp_path / "reports").rmdir()
        yield CheckResult("ana", "alpha", "answers", "it answers", "passed", "", "", "", 0.1)

    (tmp_path / "reports").mkdir()
    monkeypatch.setattr(check_verb, "run_checks", remove_the_folder)
    assert main(["check", "ana", "--junit", str(tmp_path / "reports" / "a.xml")]) == 2
    out, err = capsys.readouterr()
    assert "alpha    passed" in out
    assert "a.xml: cannot be written" in err


def test_a_report_does_not_follow_a_learners_link(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def run(*_: object, **__: object) -> Iterator[CheckResult]:
        yield CheckResult("ana", "alpha", "answers", "it answers", "passed", "", "", "", 0.1)

    monkeypatch.setattr(check_verb, "run_checks", run)
    (tmp_path / "mine").write_text("precious")
    (tmp_path / "report.xml").symlink_to("mine")
    assert main(["check", "ana", "--junit", str(tmp_path / "report.xml")]) == 0
    assert (tmp_path / "mine").read_text() == "precious"
    assert "<testsuites" in (tmp_path / "report.xml").read_text()
