"""Whatever a check raises is its outcome, whenever its time is up, and however its process ends."""

import contextlib
import os
import signal
import sys
import time
from collections.abc import Callable

import pytest

from services.checking import __main__ as program
from services.checking import runner
from services.checking.expectations import CheckFailed, CheckSkipped
from services.checking.registry import Check
from services.checking.target import FAMILIES, Target

TARGET = Target("echo", "localhost", ("7/tcp",))


def check(run: Callable[[Target], None], *, timeout_s: float = 5.0, needs: str | None = None) -> Check:
    return Check(run.__name__, "It holds.", run, needs, timeout_s)


def passes(target: Target) -> None:
    return


def exits(target: Target) -> None:
    sys.exit(0)


def is_interrupted(target: Target) -> None:
    raise KeyboardInterrupt


def fails(target: Target) -> None:
    raise CheckFailed("a", "b")


def is_skipped(target: Target) -> None:
    raise CheckSkipped("not here")


def is_reset(target: Target) -> None:
    raise ConnectionResetError("gone")


def is_wrong_itself(target: Target) -> None:
    raise ZeroDivisionError


def waits(target: Target) -> None:
    time.sleep(30)


def swallows_its_deadline(target: Target) -> None:
    with contextlib.suppress(BaseException):
        time.sleep(30)


def ends_its_process(target: Target) -> None:
    os._exit(3)


def kills_its_process(target: Target) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


OUTCOMES: dict[Callable[[Target], None], str] = {
    passes: "passed",
    exits: "broken",
    is_interrupted: "broken",
    fails: "failed",
    is_skipped: "skipped",
    is_reset: "failed",
    is_wrong_itself: "broken",
}


@pytest.mark.parametrize("run", OUTCOMES)
def test_what_a_check_raises_is_its_outcome(run: Callable[[Target], None]) -> None:
    assert runner.run_check(check(run), TARGET)["outcome"] == OUTCOMES[run]


@pytest.mark.parametrize("run", [waits, swallows_its_deadline])
def test_a_check_that_is_late_has_failed(run: Callable[[Target], None]) -> None:
    found = runner.run_check(check(run, timeout_s=0.05), TARGET)
    assert (found["outcome"], found["got"]) == ("failed", "still waiting for the server")


def test_an_alarm_at_a_checks_very_end_is_an_outcome_or_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The signal comes at each step of the end in turn, instead of after a time."""
    for step in ("before the flag is cleared", "after it"):

        def disarm(alarm: runner._Alarm, step: str = step) -> None:
            if step.startswith("before"):
                os.kill(os.getpid(), signal.SIGALRM)
            alarm._armed = False
            os.kill(os.getpid(), signal.SIGALRM)
            signal.setitimer(signal.ITIMER_REAL, 0)

        monkeypatch.setattr(runner._Alarm, "disarm", disarm)
        for run in (passes, fails):
            outcome = runner.run_check(check(run), TARGET)["outcome"]
            assert outcome == ("failed" if step.startswith("before") else OUTCOMES[run])


@pytest.mark.parametrize("ends", [ends_its_process, kills_its_process])
def test_a_process_that_ends_leaves_no_check_without_its_result(ends: Callable[[Target], None]) -> None:
    checks = [check(passes), check(ends), check(fails)]
    others = [(TARGET, [check(passes)])] * 6
    found = list(program.run_plans([(TARGET, checks), *others]))
    assert [each["outcome"] for each in found].count("passed") == 7
    broken = [each for each in found if each["outcome"] == "broken"]
    assert [each["check"] for each in broken] == [ends.__name__, "fails"]
    assert all("ended before it" in each["got"] for each in broken)


def test_a_check_waits_for_the_one_it_needs() -> None:
    checks = [check(fails), check(passes, needs="fails")]
    assert [each["outcome"] for each in runner.run_service(TARGET, checks)] == ["failed", "skipped"]


def test_without_an_address_of_the_family_nothing_else_is_asked() -> None:
    target = Target("echo", "127.0.0.1", ("7/tcp",), FAMILIES["ipv6"])
    planned = runner.plan_service(target)
    found = list(runner.run_service(target, planned))
    assert [each["check"] for each in found] == [each.name for each in planned]
    assert [each["outcome"] for each in found][:2] == ["failed", "skipped"]
    assert {each["outcome"] for each in found[1:]} == {"skipped"}


def test_what_a_check_prints_does_not_reach_the_channel(tmp_path: object) -> None:
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.dup2(writing, 1)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        channel = program.take_standard_output()
        os.write(1, b"a check's own words")
        program.write_line(channel, {"done": 0})
        os._exit(0)
    os.close(writing)
    os.waitpid(child, 0)
    assert os.read(reading, 1000) == b'{"done": 0}\n'
    os.close(reading)
