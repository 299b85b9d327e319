"""A run of checks is whole, or it says what it lacks: no line is lost and nothing is believed twice."""

import json
from typing import Any

import pytest

from labctl.errors import InputError
from labctl.features.checks.report import all_well
from labctl.features.checks.result import CheckResult
from labctl.features.checks.transcript import FORMAT, Transcript


def planned(*checks: str) -> str:
    return json.dumps({"format": FORMAT, "planned": [["echo", each] for each in checks]})


def result(check: str, outcome: str = "passed", **more: Any) -> str:
    fields = {
        "service": "echo",
        "check": check,
        "sentence": "It answers.",
        "outcome": outcome,
        "expected": "",
        "got": "",
        "hint": "",
        "seconds": 0.1,
    }
    return json.dumps({"result": fields | more})


def done(count: int) -> str:
    return json.dumps({"done": count})


def read(*lines: str, cause: str = "", noted: tuple[str, ...] = ()) -> list[CheckResult]:
    transcript = Transcript("ana")
    for each in noted:
        transcript.note(each)
    found = [told for line in lines if (told := transcript.read(line)) is not None]
    return [*found, *transcript.finish(cause)]


def outcomes(results: list[CheckResult]) -> dict[str, str]:
    return {each.check: each.outcome for each in results}


def test_a_whole_run_is_what_it_says() -> None:
    results = read(planned("a", "b"), result("a"), result("b", "failed"), done(2))
    assert outcomes(results) == {"a": "passed", "b": "failed"}


def test_a_result_that_is_missing_is_a_broken_check() -> None:
    results = read(planned("a", "b"), result("a"), done(1))
    assert outcomes(results) == {"a": "passed", "b": "broken"}


def test_a_run_without_its_end_has_one_cause_and_says_what_was_not_judged() -> None:
    results = read(planned("a", "b", "c"), result("a"), cause="killed", noted=("Traceback", "MemoryError"))
    assert outcomes(results) == {"a": "passed", "comes_to_its_end": "broken", "b": "skipped", "c": "skipped"}
    assert results[1].got == "killed\nTraceback\nMemoryError"


WHOLE = (planned("a"), result("a"), done(1))

NOT_WHOLE = {
    "nothing": (),
    "a line that is no JSON": (planned("a"), result("a"), "hello", done(1)),
    "JSON that is no object": (planned("a"), result("a"), "[1]", done(1)),
    "nested without end": (planned("a"), result("a"), "[" * 100_000, done(1)),
    "another format": (json.dumps({"format": "labctl-checks/2", "planned": []}), done(0)),
    "no announcement": (result("a"), done(1)),
    "announced twice": (planned("a"), *WHOLE),
    "one check announced twice": (planned("a", "a"), result("a"), done(1)),
    "a name that is no text": (json.dumps({"format": FORMAT, "planned": [["echo", 1]]}), done(0)),
    "a result twice": (planned("a"), result("a"), result("a"), done(2)),
    "a result that was not announced": (planned("a"), result("a"), result("z"), done(2)),
    "another count": (planned("a"), result("a"), done(2)),
    "a count that is missing": (planned("a"), result("a")),
    "a line after the end": (*WHOLE, result("a")),
    "an unknown outcome": (planned("a"), result("a", "fine"), done(1)),
    "a field too many": (planned("a"), result("a", more="x"), done(1)),
    "a field that is no text": (planned("a"), result("a", got=["x"]), done(1)),
    "a duration that is none": (planned("a"), result("a", seconds=float("nan")), done(1)),
    "a truth value for a duration": (planned("a"), result("a", seconds=True), done(1)),
    "two kinds in a line": (planned("a"), json.dumps({"result": {}, "done": 1}), done(1)),
}


@pytest.mark.parametrize("how", NOT_WHOLE)
def test_what_is_not_whole_is_never_well(how: str) -> None:
    results = read(*NOT_WHOLE[how])
    assert "broken" in outcomes(results).values()
    assert not all_well(results)


def test_the_same_whole_run_is_well() -> None:
    assert all_well(read(*WHOLE))


def test_each_line_alone_left_out_or_doubled_is_noticed() -> None:
    lines = (planned("a", "b"), result("a"), result("b"), done(2))
    for number in range(len(lines)):
        assert not all_well(read(*lines[:number], *lines[number + 1 :])), f"line {number} left out"
        assert not all_well(read(*lines[: number + 1], *lines[number:])), f"line {number} twice"


def test_an_unknown_host_is_a_wrong_call_and_nobodys_failure() -> None:
    with pytest.raises(InputError, match="no host 'nohost' in lab 'ana', so nothing was judged"):
        read(json.dumps({"unknown_host": "nohost"}))


def test_an_unknown_host_counts_only_before_anything_was_judged() -> None:
    assert not all_well(read(planned("a"), result("a"), json.dumps({"unknown_host": "x"}), done(1)))


def broken(check: str, sentence: str, got: str, hint: str) -> CheckResult:
    return CheckResult("ana", "lab", check, sentence, "broken", "", got, hint, 0.0)


def unjudged(sentence: str, outcome: str, expected: str = "", got: str = "", hint: str = "") -> CheckResult:
    return CheckResult("ana", "echo", "a", sentence, outcome, expected, got, hint, 0.0)


def test_what_a_run_owes_is_said_in_full() -> None:
    assert read(planned("a"), done(0)) == [
        unjudged("the checker announced this check and reported nothing of it", "broken", "a result", "none")
    ]
    for cause, why in (("killed", "killed"), ("", "it ended before its last line")):
        assert read(planned("a"), cause=cause, noted=("Traceback", "MemoryError")) == [
            broken(
                "comes_to_its_end",
                "The checker comes to its end.",
                f"{why}\nTraceback\nMemoryError",
                "type the same again",
            ),
            unjudged("It was not run.", "skipped", hint="not judged: the checker ended before it"),
        ]


def test_each_fault_is_named_with_its_line() -> None:
    odd = json.dumps({"format": FORMAT, "planned": [["echo", "a"], ["echo", "a"], 7]})
    wrong = result("a", "odd")
    lines = ["x" * 201, odd, wrong, result("b"), done(5), "after"]
    [fault] = [each for each in read(*lines) if each.check == "reports_whole"]
    assert fault == broken(
        "reports_whole",
        "The checker reports each announced check once, and nothing else.",
        "\n".join(
            [
                f"a line that is not of the format: {'x' * 200}",
                f"a check announced twice, or not by its name: {odd}",
                f"a check announced twice, or not by its name: {odd}",
                f"a result has the outcome 'odd': {wrong[:200]}",
                f"a result that was not announced, or a second one: {result('b')[:200]}",
                f"it counted other than 1 results: {done(5)}",
                "a line after the last one: after",
            ]
        ),
        fault.hint,
    )
    [speech] = [
        each for each in read('{"format": "other/2", "planned": []}') if each.check == "reports_whole"
    ]
    assert speech.got == f'it does not speak {FORMAT}: {{"format": "other/2", "planned": []}}'


def test_of_many_faults_and_words_the_first_and_the_last_are_shown() -> None:
    results = read(*map(str, range(20)), noted=tuple(map(str, range(20))))
    found = {each.check: each.got.splitlines() for each in results}
    assert found["reports_whole"] == [f"a line that is not of the format: {number}" for number in range(12)]
    assert found["comes_to_its_end"][1:] == [str(number) for number in range(8, 20)]


def test_a_host_that_is_none_is_named() -> None:
    with pytest.raises(InputError) as caught:
        read(json.dumps({"unknown_host": "n" * 81}))
    error = caught.value
    assert error.what == f"there is no host '{'n' * 80}' in lab 'ana', so nothing was judged"
    assert (error.where, error.hint) == ("--against", "labctl status ana")
