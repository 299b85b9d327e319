"""What a checked server sent reaches no terminal as it came, in whichever format."""

from collections.abc import Callable

import pytest

from labctl.cli.check_tables import print_all, print_summary
from labctl.errors import EngineError
from labctl.features.checks.junit import render_junit
from labctl.features.checks.report import all_well, lab_as_broken
from labctl.features.checks.result import CheckResult, broken_run, parse_result
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


@pytest.mark.parametrize("print_results", [print_all, print_summary])
def test_the_table_is_printable(
    print_results: Callable[[list[CheckResult]], None], capsys: pytest.CaptureFixture[str]
) -> None:
    print_results(RESULTS)
    lines = capsys.readouterr().out.split("\n")
    assert all(line.isprintable() for line in lines)
    assert sum("\\x1b]0;title\\x07" in line for line in lines) == 6


ANSWERED = CheckResult("ana", "echo", "answers", "It answers.", "passed", "", "", "", 0.25)
FAILED = CheckResult(
    "ana", "echo", "counts", 'It "counts".', "failed", "one\ttwo", "a\\b\x00", "read # it", 1.5
)
SKIPPED = CheckResult(
    "ana", "mail", "takes mail", "It takes mail.", "skipped", "", "", "no\nneed # here", 0.0
)
BROKEN = broken_run("ben", "comes_to_its_end", "The checker comes to its end.", "killed", "again")


SUMMARY = """\
SERVICE   OUTCOME  PASSED  FAILED  SKIPPED  BROKEN  TIME
ana echo  failed   1       1                        1.8 s
ana mail  skipped                  1                0.0 s
ben lab   broken                            1       0.0 s

echo: counts
  It "counts".
  expected: one\ttwo
       got: a\\b\\x00
      hint: read # it

lab: comes_to_its_end
  The checker comes to its end.
       got: killed
      hint: again
"""


def test_a_row_a_service_and_each_red_check_in_full(capsys: pytest.CaptureFixture[str]) -> None:
    print_summary([BROKEN, ANSWERED, FAILED, SKIPPED])
    assert capsys.readouterr().out == SUMMARY
    print_summary([ANSWERED])
    assert capsys.readouterr().out.splitlines()[1].startswith("echo     passed   1")


def test_a_row_a_check(capsys: pytest.CaptureFixture[str]) -> None:
    print_all([ANSWERED, SKIPPED])
    assert capsys.readouterr().out == (
        "SERVICE  OUTCOME  WHAT MUST HOLD\necho     passed   It answers.\nmail     skipped  It takes mail.\n"
    )


def test_a_tap_document() -> None:
    assert (
        render_tap([ANSWERED, FAILED, SKIPPED, BROKEN])
        == r"""TAP version 14
1..4
ok 1 - ana echo answers
not ok 2 - ana echo counts
  ---
  outcome: "failed"
  sentence: "It \"counts\"."
  expected: "one\ttwo"
  got: "a\\b\x00"
  hint: "read # it"
  ...
ok 3 - ana mail takes mail # SKIP no need \# here
not ok 4 - ben lab comes_to_its_end
  ---
  outcome: "broken"
  sentence: "The checker comes to its end."
  got: "killed"
  hint: "again"
  ...
"""
    )


def test_a_junit_document() -> None:
    assert (
        render_junit([SKIPPED, ANSWERED, FAILED, BROKEN])
        == """<?xml version='1.0' encoding='utf-8'?>
<testsuites name="labctl check" tests="4" failures="1" errors="1" skipped="1" time="1.750">
  <testsuite name="ana.echo" tests="2" failures="1" errors="0" skipped="0" time="1.750">
    <testcase classname="ana.echo" name="answers" time="0.250" />
    <testcase classname="ana.echo" name="counts" time="1.500">
      <failure message="It &quot;counts&quot;.">expected: one\ttwo
got: a\\b\\x00
hint: read # it</failure>
    </testcase>
  </testsuite>
  <testsuite name="ana.mail" tests="1" failures="0" errors="0" skipped="1" time="0.000">
    <testcase classname="ana.mail" name="takes mail" time="0.000">
      <skipped message="It takes mail.">hint: no
need # here</skipped>
    </testcase>
  </testsuite>
  <testsuite name="ben.lab" tests="1" failures="0" errors="1" skipped="0" time="0.000">
    <testcase classname="ben.lab" name="comes_to_its_end" time="0.000">
      <error message="The checker comes to its end.">got: killed
hint: again</error>
    </testcase>
  </testsuite>
</testsuites>
"""
    )


def test_what_keeps_a_lab_from_being_checked_is_a_broken_check() -> None:
    error = EngineError("it is gone", log="why", hint="labctl up")
    assert lab_as_broken("ana", error) == CheckResult(
        *("ana", "lab", "can_be_checked", "it is gone", "broken", "", error.render(), "labctl up", 0.0)
    )


@pytest.mark.parametrize(
    ("results", "well"),
    [
        ([ANSWERED], True),
        ([ANSWERED, SKIPPED], True),
        ([SKIPPED], False),
        ([], False),
        ([ANSWERED, FAILED], False),
        ([ANSWERED, BROKEN], False),
    ],
)
def test_all_is_well_when_something_passed_and_nothing_else_came_of_it(
    results: list[CheckResult], well: bool
) -> None:
    assert all_well(results) is well


FIELDS: dict[str, object] = {
    **{"service": "echo", "check": "answers", "sentence": "It answers.", "outcome": "passed"},
    **{"expected": "", "got": "", "hint": "", "seconds": 0.25},
}


OTHER_FIELDS = "a result has other fields than it should"


@pytest.mark.parametrize("seconds", [0, 0.25, 3])
def test_a_result_of_the_form_is_taken(seconds: float) -> None:
    result = parse_result("ana", FIELDS | {"seconds": seconds})
    assert (result.lab, result.check, result.seconds) == ("ana", "answers", seconds)


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ("words", "a result has other fields than it should"),
        ({**FIELDS, "more": ""}, "a result has other fields than it should"),
        ({**FIELDS, "lab": "ben"}, "a result has other fields than it should"),
        (
            {name: FIELDS[name] for name in FIELDS if name != "hint"},
            "a result has other fields than it should",
        ),
        *(
            ({**FIELDS, name: 1}, "a result has a field that is no text")
            for name in FIELDS
            if name != "seconds"
        ),
        *(
            ({**FIELDS, "seconds": each}, "a result has no duration")
            for each in (True, "1", -0.1, float("nan"), float("inf"), None)
        ),
        ({**FIELDS, "outcome": "fine"}, "a result has the outcome 'fine'"),
    ],
)
def test_a_result_of_another_form_is_refused(told: object, why: str) -> None:
    with pytest.raises(ValueError, match=f"^{why}$"):
        parse_result("ana", told)
