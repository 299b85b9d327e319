"""What a learner wrote reaches no terminal raw, whatever the verb."""

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from labctl.cli.main import main
from labctl.cli.progress import Steps
from labctl.engine import Finished
from labctl.errors import EngineError
from labctl.features.lifecycle.up import bring_up
from tests.unit.definitions import definition
from tests.unit.fake_engine import FakeEngine

# ESC, BEL, CSI and OSC of C0 and C1, marks of writing direction, a carriage return, a lone surrogate.
ATTACK = "\x1b]0;title\x07\x1b[31m\x9b31m\x9d52;c;eA==\x9c\u202egpj\u2066\u200f\rover\x7f\udc9b"
HARMLESS = ATTACK.encode("unicode_escape").decode().replace("\\t", "\t")


class HostileEngine(FakeEngine):
    """An Engine that passes on what a learner has it say, wherever a learner can."""

    def logs(self, container_id: str, **_: object) -> Iterator[bytes]:
        yield f"{ATTACK}\n".encode("utf-8", "surrogatepass")

    def execute(self, container_id: str, argv: object, **limits: object) -> Finished:
        return Finished(1, f"alpha@7/tcp: {ATTACK}")


def assert_harmless(told: str) -> None:
    printed = told.replace("\n", "")
    assert printed.isprintable(), ascii(printed)
    assert printed


@pytest.fixture
def hostile(engine: FakeEngine, monkeypatch: pytest.MonkeyPatch) -> HostileEngine:
    """A lab `ana`, then everything in it is hostile."""
    bring_up(engine, definition(), "ana", progress=lambda _: None)
    monkeypatch.setattr(engine, "__class__", HostileEngine)
    for each in list(engine._containers.values()):
        engine._containers[each.id] = replace(each, status=f"Up {ATTACK}")
    assert isinstance(engine, HostileEngine)
    return engine


@pytest.mark.parametrize(
    "words",
    [
        ["logs", "ana"],
        ["logs", "ana", "--follow"],
        ["logs", "ana", "alpha"],
        ["status", "ana"],
        ["status", "ana", "--brief"],
        ["status", "ana", "--json"],
        ["logs", ATTACK],
        ["exec", "ana", ATTACK, "true"],
        ["work", "restore", "ana", ATTACK],
        ["down", ATTACK],
        [ATTACK],
    ],
)
def test_no_verb_passes_on_what_a_terminal_obeys(
    hostile: HostileEngine, capsys: pytest.CaptureFixture[str], words: list[str], snapshots: object
) -> None:
    main(words)
    assert_harmless("".join(capsys.readouterr()))


def test_the_evidence_of_an_error_is_written_out(
    hostile: HostileEngine, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise EngineError(f"cannot {ATTACK}", where=ATTACK, log=ATTACK, hint=ATTACK)

    monkeypatch.setattr(hostile, "containers", refuse)
    for words in (["status", "ana"], ["logs", "ana"], ["down", "ana"], ["reset", "ana"], ["status", "--all"]):
        assert main(words) == 1
        assert_harmless("".join(capsys.readouterr()))


@pytest.mark.parametrize("labs", [1, 3])
def test_steps_are_written_out(capsys: pytest.CaptureFixture[str], labs: int) -> None:
    with Steps(labs) as steps:
        steps(f"waiting for {ATTACK}")
        steps.of("ana")(f"waiting for {ATTACK}")
        steps.done("ana", EngineError(ATTACK))
    assert_harmless(capsys.readouterr().err)


def test_json_is_as_harmless_and_gives_back_what_was_written(
    hostile: HostileEngine, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["status", "ana", "--json"])
    (lab,) = json.loads(capsys.readouterr().out)
    assert ATTACK.removesuffix("\udc9b") in lab["services"][0]["since"]


def test_a_log_comes_as_it_was_written_only_when_that_is_asked_for(
    hostile: HostileEngine, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert main(["logs", "ana", "alpha", "--raw"]) == 0
    assert capfdbinary.readouterr().out == f"{ATTACK}\n".encode("utf-8", "surrogatepass")
