"""A run of checks as a program: what it announces, each result, and its last line."""

import io
import json
import os
import socket
import sys
from collections.abc import Callable
from typing import Any

import pytest

from services.checking import __main__ as program
from services.checking.expectations import CheckFailed, CheckSkipped
from services.checking.registry import Check
from services.checking.runner import plan_service, run_check, run_service
from services.checking.target import Target

ECHO = Target("echo", "localhost", ("7/tcp",))


def passes(target: Target) -> None:
    return


def fails(target: Target) -> None:
    raise CheckFailed("a", "b", "c")


def waits(target: Target) -> None:
    os.read(os.pipe()[0], 1)


def check(run: Callable[[Target], None], needs: str | None = None) -> Check:
    return Check(run.__name__, f"It {run.__name__}.", run, needs)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Callable[[list[dict[str, Any]]], list[dict[str, Any]]]:
    """Run the program on targets whose services all have the same two checks; return its lines."""

    def run(targets: list[dict[str, Any]]) -> list[dict[str, Any]]:
        reading, writing = os.pipe()
        monkeypatch.setattr(program, "take_standard_output", lambda: writing)
        monkeypatch.setattr(program, "plan_service", lambda _: [check(passes), check(fails)])
        program.main(json.dumps(targets))
        os.close(writing)
        with os.fdopen(reading) as lines:
            return [json.loads(line) for line in lines]

    return run


def test_what_will_be_run_is_announced_and_each_result_comes_once(
    run: Callable[[list[dict[str, Any]]], list[dict[str, Any]]],
) -> None:
    first, *results, last = run([{"service": each, "host": each, "listens": []} for each in ("a", "b")])
    planned = [[service, name] for service in ("a", "b") for name in ("passes", "fails")]
    assert first == {"format": "labctl-checks/1", "planned": planned}
    assert sorted([each["result"]["service"], each["result"]["check"]] for each in results) == sorted(planned)
    assert last == {"done": 4}
    [failed] = [each["result"] for each in results if list(each["result"].values())[:2] == ["b", "fails"]]
    assert failed.pop("seconds") < 5
    assert failed == {
        "service": "b",
        "check": "fails",
        "sentence": "It fails.",
        "outcome": "failed",
        "expected": "a",
        "got": "b",
        "hint": "c",
    }


def test_a_learners_host_that_is_none_is_all_that_is_said(
    run: Callable[[list[dict[str, Any]]], list[dict[str, Any]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(host: str, *_: object) -> list[object]:
        if host == "nohost":
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return []

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    learners = {"service": "a", "host": "nohost", "listens": ["7/tcp"], "foreign": True}
    assert run([{**learners, "host": "known"}, learners]) == [{"unknown_host": "nohost"}]
    others: list[dict[str, Any]] = [{"foreign": False}, {"listens": []}, {"host": "known"}]
    for other in others:
        assert run([{**learners, **other}])[-1] == {"done": 2}


def test_a_name_that_cannot_be_one_is_unknown() -> None:
    assert program.find_unknown_host([Target("a", "x" * 64, ("7/tcp",), foreign=True)]) == "x" * 64


def test_a_target_has_a_family_only_where_one_is_named() -> None:
    plain = program._target("echo", "echo", ["7/tcp", "8/udp"])
    assert plain == Target("echo", "echo", ("7/tcp", "8/udp"), socket.AF_UNSPEC, foreign=False)
    named = program._target("echo", "echo", ["7/tcp"], foreign=True, family="ipv6")
    assert named == Target("echo", "echo", ("7/tcp",), socket.AF_INET6, foreign=True)


def test_a_line_is_written_whole_however_the_kernel_cuts_it(monkeypatch: pytest.MonkeyPatch) -> None:
    written = bytearray()

    def write(channel: int, octets: bytes) -> int:
        assert channel == 7
        written.extend(octets[:3])
        return min(3, len(octets))

    monkeypatch.setattr(os, "write", write)
    program.write_line(7, {"done": 12})
    assert bytes(written) == b'{"done": 12}\n'


def test_the_channel_is_closed_in_programs_and_what_was_printed_is_not_in_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    calls: list[tuple[str, ...]] = []

    def dup(number: int) -> int:
        calls.append(("dup", str(number)))
        return 9

    monkeypatch.setattr(os, "dup", dup)
    monkeypatch.setattr(os, "dup2", lambda *numbers: calls.append(("dup2", *map(str, numbers))))
    monkeypatch.setattr(sys, "stdout", printed := io.StringIO())
    monkeypatch.setattr(printed, "flush", lambda: calls.append(("flush",)))
    assert program.take_standard_output() == 9
    assert calls == [("flush",), ("dup", "1"), ("dup2", "2", "1")]


def test_checks_that_say_nothing_are_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(program, "SILENCE_S", 0.1)
    found = list(program.run_plans([(ECHO, [check(waits), check(passes)]), (ECHO, [])]))
    assert [(each["check"], each["outcome"], each["sentence"]) for each in found] == [
        ("waits", "broken", "It waits."),
        ("passes", "broken", "It passes."),
    ]
    assert found[0]["got"] == "the process of the checks ended before it (exit code -9)"


def test_a_service_that_listens_nowhere_may_be_without_checks() -> None:
    assert plan_service(Target("nosuch", "nosuch", ())) == []
    [broken] = plan_service(Target("nosuch", "nosuch", ("7/tcp",)))
    assert (broken.name, broken.sentence) == ("load", "The checks can be loaded.")
    result = run_check(broken, ECHO)
    assert result["outcome"] == "broken"
    assert "ModuleNotFoundError: No module named 'services.nosuch'" in result["got"]


def test_over_a_family_the_address_is_looked_up_first() -> None:
    plain = plan_service(ECHO)
    assert plain
    assert "look_up" not in [each.name for each in plain]
    over = Target("echo", "localhost", ("7/tcp",), socket.AF_INET)
    first, *rest = plan_service(over)
    assert (first.name, first.sentence) == ("look_up", "The server has an address of this family.")
    assert rest == plain
    hosts = []
    asks = Check("asks", "It asks.", lambda target: hosts.append(target.host))
    found = list(run_service(over, [first, asks]))
    assert [each["outcome"] for each in found] == ["passed", "passed"]
    assert hosts == ["127.0.0.1"]


def test_what_is_not_run_says_what_it_waits_for() -> None:
    found = list(
        run_service(ECHO, [check(fails), check(passes, needs="fails"), check(waits, needs="passes")])
    )
    assert [(each["outcome"], each["hint"]) for each in found[1:]] == [
        ("skipped", "waits for fails to pass"),
        ("skipped", "waits for passes to pass"),
    ]
    found = list(run_service(ECHO, [check(passes), check(fails, needs="passes")]))
    assert [each["outcome"] for each in found] == ["passed", "failed"]


def test_a_check_that_passes_or_is_skipped_says_no_more() -> None:
    def is_skipped(target: Target) -> None:
        raise CheckSkipped("not here")

    passed, skipped = run_check(check(passes), ECHO), run_check(check(is_skipped), ECHO)
    assert [passed[key] for key in ("expected", "got", "hint")] == ["", "", ""]
    assert [skipped[key] for key in ("expected", "got", "hint")] == ["", "", "not here"]
    [waiting] = run_service(ECHO, [check(waits, needs="fails")])
    assert [waiting[key] for key in ("expected", "got", "seconds")] == ["", "", 0.0]


def test_a_servers_mistake_is_told_in_the_librarys_words() -> None:
    def is_reset(target: Target) -> None:
        raise ConnectionResetError("gone")

    result = run_check(check(is_reset), ECHO)
    assert (result["expected"], result["got"]) == ("It is_reset.", "ConnectionResetError: gone")


def test_a_late_check_says_by_when_it_had_to_end() -> None:
    result = run_check(Check("waits", "It waits.", waits, timeout_s=0.05), ECHO)
    assert (result["outcome"], result["expected"]) == ("failed", "an end within 0.05 s")
    assert 0.05 <= result["seconds"] < 5
    assert result["seconds"] == round(result["seconds"], 3)
