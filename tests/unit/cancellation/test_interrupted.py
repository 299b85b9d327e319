"""A real Ctrl-C to a labctl whose Engine is a fake: it ends at once, begins nothing, and clears up."""

import fcntl
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from labctl.features.locking import lock_path

ROOT = Path(__file__).parents[3]
WITHIN_S = 60.0  # a tenth of what the fake Engine would take


@dataclass
class Ended:
    """What an interrupted labctl left: what it said after the Ctrl-C, and the steps it took in the Engine."""

    said: str = ""
    steps: list[str] = field(default_factory=list)


@contextmanager
def interrupted(locks: Path, *arguments: str, at: str) -> Iterator[Ended]:
    """Start labctl, run the body once it has said a word, interrupt it, and assert how it ends."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.unit.cancellation.interrupted", str(locks), *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        # Who runs the tests in the background ignores SIGINT, and so would what they start.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    ended = Ended()
    try:
        assert process.stdout is not None
        next(line for line in process.stdout if at in line)
        yield ended
        process.send_signal(signal.SIGINT)
        output, _ = process.communicate(timeout=WITHIN_S)
    finally:
        process.kill()
        process.wait()
    ended.said, _, steps = output.partition("steps:\n")
    ended.steps = steps.splitlines()
    assert process.returncode == 130
    assert "Traceback" not in output
    assert [line for line in ended.said.splitlines() if line] == [
        "interrupted; the same again finishes what was begun, labctl down LAB takes it away"
    ]


def test_a_checker_is_not_waited_for_and_its_container_goes(locks: Path) -> None:
    with interrupted(locks, "check", "ana", at="slow") as ended:
        pass
    assert [step.split()[0] for step in ended.steps] == ["create", "start", "remove"]


@pytest.mark.parametrize("verb", ["down", "reset"])
def test_who_waits_for_a_lab_goes_and_does_nothing(verb: str, locks: Path) -> None:
    with lock_path("-lab-ana", locks).open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with interrupted(locks, verb, "ana", at="waiting for") as ended:
            pass
    assert ended.steps == []


def test_work_that_is_being_saved_is_not_discarded(locks: Path) -> None:
    with interrupted(locks, "down", "ana", "--discard-work", at="slow") as ended:
        pass
    assert not [step for step in ended.steps if step.startswith("remove volume")]
    assert ended.steps[-1].startswith("remove id")  # the container through which it was read
