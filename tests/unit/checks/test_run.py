"""Checks run on a real stream's form, and what becomes of them when the checker's container is taken away."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from labctl import labels
from labctl.docker_engine.commands import lines_of
from labctl.engine import OutputLine
from labctl.errors import EngineError, InputError
from labctl.features.checks.result import CheckResult
from labctl.features.checks.run import Against, run_checks
from labctl.features.lifecycle.up import bring_up
from labctl.features.one_off import find_running_lab
from tests.unit.checks.test_transcript import done, planned, result
from tests.unit.definitions import definition
from tests.unit.fake_engine import FakeEngine

ROOT = Path(__file__).parents[3]

LINES = (OutputLine(planned("a", "b")), OutputLine("a warning", is_error=True), OutputLine(result("a")))


def run(engine: FakeEngine) -> list[CheckResult]:
    bring_up(engine, definition(), "ana", progress=lambda step: None)
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


class Asked(FakeEngine):
    """Which remembers what the checker is asked, and how long it may take."""

    def stream(self, container_id: str, argv: Sequence[str], **limits: Any) -> Iterator[OutputLine]:
        [self.name] = [each.name for each in self.containers({}) if each.id == container_id]
        self.asked, self.limits = [*argv], limits
        yield from (OutputLine(planned()), OutputLine(done(0)))


def test_the_checker_is_asked_about_each_service_within_bounds() -> None:
    engine = Asked()
    bring_up(engine, definition(), "ana", progress=lambda step: None)
    lab = find_running_lab(engine, definition(), "ana")
    alpha, tools = (lab.definition.services[name] for name in ("alpha", "tools"))
    assert list(run_checks(engine, lab, [alpha, tools], family="ipv6")) == []
    assert engine.name.startswith("lab-ana-tools-check-")
    assert engine.asked[:-1] == [
        *("env", "RES_OPTIONS=attempts:2"),
        *("python3", "-s", "-P", "-m", "services.checking"),
    ]
    listens = [str(each) for each in alpha.listens]
    assert json.loads(engine.asked[-1]) == [
        {"service": "alpha", "host": "alpha", "listens": listens, "family": "ipv6"},
        {"service": "tools", "host": "tools", "listens": [], "family": "ipv6"},
    ]
    assert engine.limits == {"timeout_s": 1800.0, "limit_bytes": 64 << 20}
    list(run_checks(engine, lab, [alpha], Against("client", 7000)))
    protocol = listens[0].partition("/")[2]
    assert json.loads(engine.asked[-1]) == [
        {
            "service": "alpha",
            "host": "client",
            "listens": [f"7000/{protocol}", *listens[1:]],
            "foreign": True,
        }
    ]
    list(run_checks(engine, lab, [alpha], Against("client", 0)))
    assert json.loads(engine.asked[-1])[0]["listens"] == listens


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


SERVER = """
import socket, sys
from services.hello.server import serve_forever
serve_forever(socket.socket(fileno=int(sys.argv[1])))
"""


class RealChecker(FakeEngine):
    """Whose commands run on this machine: the checker itself, asked about a server of the test's."""

    def stream(self, container_id: str, argv: Sequence[str], **limits: Any) -> Iterator[OutputLine]:
        with subprocess.Popen(
            [*argv[:2], sys.executable, *argv[3:]],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        ) as process:
            assert process.stdout is not None
            yield from lines_of((False, piece) for piece in process.stdout)


def test_the_checkers_own_stream_is_understood() -> None:
    engine = RealChecker()
    bring_up(engine, definition(), "ana", progress=lambda step: None)
    lab = find_running_lab(engine, definition(), "ana")
    hello = replace(next(iter(definition().services.values())), name="hello")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = subprocess.Popen(
            [sys.executable, "-c", SERVER, str(listener.fileno())], cwd=ROOT, pass_fds=[listener.fileno()]
        )
        try:
            against = Against("127.0.0.1", listener.getsockname()[1])
            results = list(run_checks(engine, lab, [hello], against))
        finally:
            server.kill()
            server.wait()
    outcomes = {each.check: each.outcome for each in results}
    assert outcomes["greets_without_being_asked"] == "passed"
    assert outcomes["answers_over_ipv4_and_ipv6"] != "passed"  # this address has no other family
    assert {each.service for each in results} == {"hello"}
    assert "broken" not in outcomes.values()
    unknown = Against("no-such-host.invalid", 7)
    with pytest.raises(InputError, match="nothing was judged"):
        list(run_checks(engine, lab, [hello], unknown))
