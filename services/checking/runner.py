"""Runs one service's checks, one after another, each under its own deadline."""

import signal
import time
import traceback
from collections.abc import Iterator
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


def run_service(target: Target) -> Iterator[Result]:
    """Yield the result of each check of the target's service, in their order.

    A service that listens nowhere may be without checks; of one that listens that is a mistake.
    When the target's family is given, all is asked over its address of that family.
    """
    if not target.listens and not has_checks(target.service):
        return
    try:
        checks = load_checks(target.service)
    except Exception:
        yield _result(target, "load", "The checks can be loaded.", "broken", got=traceback.format_exc())
        return
    if target.listens and target.family:
        found = run_check(Check("look_up", "The server has an address of this family.", _look_up), target)
        if found["outcome"] != "passed":
            yield found
            return
        target = target.over(target.family)
    passed: set[str] = set()
    for each in checks:
        if each.needs is not None and each.needs not in passed:
            yield _result(target, each.name, each.sentence, "skipped", hint=f"waits for {each.needs} to pass")
            continue
        result = run_check(each, target)
        if result["outcome"] == "passed":
            passed.add(each.name)
        yield result


def _look_up(target: Target) -> None:
    target.over(target.family)


def run_check(each: Check, target: Target) -> Result:
    """Run one check; whatever it raises becomes an outcome."""
    began = time.monotonic()
    outcome, expected, got, hint = "passed", "", "", ""
    previous = signal.signal(signal.SIGALRM, _raise_late)
    signal.setitimer(signal.ITIMER_REAL, each.timeout_s)
    try:
        each.run(target)
    except CheckFailed as failure:
        outcome, expected, got, hint = "failed", failure.expected, failure.got, failure.hint
    except CheckSkipped as reason:
        outcome, hint = "skipped", str(reason)
    except SERVERS_FAULT as error:
        outcome, expected, got = "failed", each.sentence, f"{type(error).__name__}: {error}"
    except _Late:
        outcome, expected = "failed", f"an end within {each.timeout_s:g} s"
        got = "still waiting for the server"
    except Exception:
        outcome, got = "broken", traceback.format_exc()
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)
    seconds = time.monotonic() - began
    return _result(target, each.name, each.sentence, outcome, expected, got, hint, seconds)


def _raise_late(signum: int, frame: FrameType | None) -> None:
    raise _Late


def _result(
    target: Target,
    name: str,
    sentence: str,
    outcome: str,
    expected: str = "",
    got: str = "",
    hint: str = "",
    seconds: float = 0.0,
) -> Result:
    return {
        "service": target.service,
        "check": name,
        "sentence": sentence,
        "outcome": outcome,
        "expected": expected,
        "got": got,
        "hint": hint,
        "seconds": round(seconds, 3),
    }
