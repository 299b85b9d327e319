"""Runs one service's checks, one after another, each under its own deadline."""

import signal
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from ftplib import Error as FTPError
from http.client import HTTPException
from poplib import error_proto
from types import FrameType
from typing import TypedDict
from xml.parsers.expat import ExpatError
from xmlrpc.client import Error as XMLRPCError

from services.checking.expectations import CheckFailed, CheckSkipped
from services.checking.registry import Check, has_checks, load_checks
from services.checking.target import Target

# What a client library raises when the server, not the check, did something wrong.
# (smtplib's errors are OSErrors.)
SERVERS_FAULT = (OSError, EOFError, FTPError, HTTPException, error_proto, XMLRPCError, ExpatError)


class Result(TypedDict):
    """What became of one check, as the runner prints it."""

    service: str
    check: str
    sentence: str
    outcome: str
    expected: str
    got: str
    hint: str
    seconds: float


class _Late(BaseException):
    """The check's time is up. Not an Exception: no check may swallow it."""


class _Alarm:
    """Raises `_Late` once, when the time is up, and never after it was disarmed.

    The signal may arrive between any two instructions, so also while the check's end is being noted.
    What decides is the flag, which the handler reads: after `disarm` has cleared it nothing is raised.
    """

    def __init__(self) -> None:
        self._armed = False
        self.has_rung = False

    def arm(self, timeout_s: float) -> None:
        signal.signal(signal.SIGALRM, self._ring)
        self._armed = True
        signal.setitimer(signal.ITIMER_REAL, timeout_s)

    def disarm(self) -> None:
        self._armed = False
        signal.setitimer(signal.ITIMER_REAL, 0)

    def _ring(self, signum: int, frame: FrameType | None) -> None:
        if self._armed:
            self._armed = False
            self.has_rung = True
            raise _Late


def plan_service(target: Target) -> list[Check]:
    """Return the checks that `run_service` will run for a target, each of which it gives one result.

    A service that listens nowhere may be without checks; of one that listens that is a mistake, which
    is told by a check that is broken. Over a given family the first check looks the address up.
    """
    if not target.listens and not has_checks(target.service):
        return []
    try:
        checks = load_checks(target.service)
    except Exception:
        return [Check("load", "The checks can be loaded.", _raiser(traceback.format_exc()))]
    if not (target.listens and target.family):
        return checks
    return [Check("look_up", "The server has an address of this family.", _look_up), *checks]


def run_service(target: Target, checks: Sequence[Check]) -> Iterator[Result]:
    """Yield the result of each planned check, in their order."""
    passed: set[str] = set()
    waits_for = ""
    for each in checks:
        needed = waits_for or each.needs
        if needed and needed not in passed:
            yield result_of(target, each, "skipped", hint=f"waits for {needed} to pass")
            continue
        result = run_check(each, target)
        yield result
        if result["outcome"] == "passed":
            passed.add(each.name)
        if each.run is _look_up:
            waits_for = "" if result["outcome"] == "passed" else each.name
            target = target if waits_for else target.over(target.family)


class _ChecksCannotBeLoaded(Exception):
    """The module of the checks is wrong; the words are its traceback."""


def _raiser(told: str) -> Callable[[Target], None]:
    def run(target: Target) -> None:
        raise _ChecksCannotBeLoaded(told)

    return run


def _look_up(target: Target) -> None:
    target.over(target.family)


def run_check(each: Check, target: Target) -> Result:
    """Run one check; whatever it raises becomes its outcome."""
    began = time.monotonic()
    outcome, expected, got, hint = "passed", "", "", ""
    alarm = _Alarm()
    try:
        try:
            alarm.arm(each.timeout_s)
            each.run(target)
        finally:
            alarm.disarm()
        if alarm.has_rung:  # and the check did not let the exception through
            raise _Late
    except CheckFailed as failure:
        outcome, expected, got, hint = "failed", failure.expected, failure.got, failure.hint
    except CheckSkipped as reason:
        outcome, hint = "skipped", str(reason)
    except SERVERS_FAULT as error:
        outcome, expected, got = "failed", each.sentence, f"{type(error).__name__}: {error}"
    except _Late:
        outcome, expected = "failed", f"an end within {each.timeout_s:g} s"
        got = "still waiting for the server"
    except BaseException:  # SystemExit too: no check ends the run
        outcome, got = "broken", traceback.format_exc()
    return result_of(target, each, outcome, expected, got, hint, time.monotonic() - began)


def result_of(
    target: Target,
    each: Check,
    outcome: str,
    expected: str = "",
    got: str = "",
    hint: str = "",
    seconds: float = 0.0,
) -> Result:
    """Return a check's result as it is printed."""
    return {
        "service": target.service,
        "check": each.name,
        "sentence": each.sentence,
        "outcome": outcome,
        "expected": expected,
        "got": got,
        "hint": hint,
        "seconds": round(seconds, 3),
    }
