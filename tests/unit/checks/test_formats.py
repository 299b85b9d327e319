"""What a checked server sent reaches no terminal as it came, in whichever format."""

import pytest

from labctl.cli import check_verb
from labctl.features.checks.result import CheckResult
from labctl.features.checks.tap import render_tap

ATTACK = "\x1b]0;title\x07\x9b31m\u202e\r\n# SKIP"
RESULTS = [
    CheckResult("ana", "echo", "answers", "It answers.", outcome, ATTACK, ATTACK, ATTACK, 0.1)
    for outcome in ("failed", "broken", "skipped")
]


def test_tap_is_printable() -> None:
    lines = render_tap(RESULTS).split("\n")
    assert all(line.isprintable() for line in lines)
    assert [line.split(" - ")[0] for line in lines if " - " in line] == ["not ok 1", "not ok 2", "ok 3"]


def test_the_table_is_printable(capsys: pytest.CaptureFixture[str]) -> None:
    check_verb._print(RESULTS)
    lines = capsys.readouterr().out.split("\n")
    assert all(line.isprintable() for line in lines)
    assert sum("\\x1b]0;title\\x07" in line for line in lines) == 6
