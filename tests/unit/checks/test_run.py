"""Checks run on a real stream's form, and what becomes of them when the checker's container is taken away."""

from collections.abc import Iterator
from typing import Any

from labctl import labels
from labctl.engine import OutputLine
from labctl.errors import EngineError
from labctl.features.checks.result import CheckResult
from labctl.features.checks.run import run_checks
from labctl.features.lifecycle.up import bring_up
from labctl.features.one_off import find_running_lab
from tests.unit.checks.test_transcript import done, planned, result
from tests.unit.definitions import definition
from tests.unit.fake_engine import FakeEngine

LINES = (OutputLine(planned("a", "b")), OutputLine("a warning", is_error=True), OutputLine(result("a")))


def run(engine: FakeEngine) -> list[CheckResult]:
    bring_up(engine, definition(), "ana", tell=lambda step: None)
    lab = find_running_lab(engine, definition(), "ana")
    return list(run_checks(engine, lab, []))


def test_what_is_printed_to_standard_error_is_no_verdict() -> None:
    engine = FakeEngine(
        printed=[
            *LINES,
            OutputLine(result("b"), is_error=True),
            OutputLine(result("b", "failed")),
            OutputLine(done(2)),
        ]
    )
    assert [(each.check, each.outcome) for each in run(engine)] == [("a", "passed"), ("b", "failed")]


class TakenAway(FakeEngine):
    """Whose one-off containers are removed while their command runs."""

    def stream(self, container_id: str, *args: Any, **limits: Any) -> Iterator[OutputLine]:
        yield from LINES
        self.remove(container_id)


def test_a_removed_container_is_named_as_the_cause() -> None:
    _, ended, left = run(TakenAway())
    assert "lab 'ana' was reset or taken down meanwhile" in ended.got
    assert "a warning" in ended.got
    assert (left.check, left.outcome) == ("b", "skipped")


class Hanging(FakeEngine):
    """Whose commands are cut off at their deadline."""

    def stream(self, container_id: str, *args: Any, **limits: Any) -> Iterator[OutputLine]:
        yield from LINES
        raise EngineError("python3 did not end within 1800 s")


def test_a_deadline_leaves_the_results_that_there_were() -> None:
    results = run(engine := Hanging())
    assert [each.outcome for each in results] == ["passed", "broken", "skipped"]
    assert "did not end within 1800 s" in results[1].got
    assert engine.containers({labels.ONEOFF: "True"}) == []
