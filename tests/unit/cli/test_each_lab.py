"""What failed in labs, as --json and people are told it."""

import json

import pytest

from labctl.cli.each_lab import errors_as_data, report_errors
from labctl.cli.main import main
from labctl.errors import EngineError, SeveralErrors
from labctl.features.classroom.parallel_labs import Outcomes
from labctl.features.lifecycle.up import bring_up
from tests.unit.definitions import definition
from tests.unit.fake_engine import FakeEngine

SEVERAL = SeveralErrors(
    [EngineError("no alpha", where="alpha", log="full"), EngineError("no beta", where="beta", hint="mend it")]
)


def test_several_causes_are_all_in_the_data() -> None:
    [told] = errors_as_data({"ben": SEVERAL})
    assert told["lab"] == "ben"
    assert told["causes"] == [
        {"error": "no alpha", "where": "alpha", "log": "full", "try": "", "causes": []},
        {"error": "no beta", "where": "beta", "log": "", "try": "mend it", "causes": []},
    ]


def test_one_lab_that_failed_is_told_without_a_heading(capsys: pytest.CaptureFixture[str]) -> None:
    assert report_errors(Outcomes({}, {"ben": EngineError("no alpha")})) == 1
    assert capsys.readouterr().err == "error: no alpha\n"


def test_of_several_labs_each_that_failed_has_a_heading(capsys: pytest.CaptureFixture[str]) -> None:
    assert report_errors(Outcomes({"ana": 1}, {"ben": EngineError("no alpha")})) == 1
    assert capsys.readouterr().err == "\nben:\nerror: no alpha\n\n1 of 2 labs failed\n"


@pytest.mark.parametrize("labs", [["ana"], ["ana", "ben"]])
def test_json_is_a_document_whether_one_lab_failed_or_several(
    labs: list[str],
    engine: FakeEngine,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for lab in labs:
        bring_up(engine, definition(), lab, progress=lambda step: None)

    def refuse(container_id: str) -> None:
        raise EngineError(f"remove {container_id}")

    monkeypatch.setattr(engine, "remove", refuse)
    assert main(["down", *labs, "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert [each["lab"] for each in told] == labs
    assert all(len(each["causes"]) == 3 for each in told)
