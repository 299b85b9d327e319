"""Puts a lab back to pristine, in place.

PID 1 of each container kills all else, empties every writable place and starts the server again.
The learner's work, a volume, is not touched. A container in which that does not come about, or
whose server then does not answer, is made anew.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from labctl import labels
from labctl.engine import Container, Engine, Progress
from labctl.errors import EngineError, InputError
from labctl.features.lifecycle.lab import Lab
from labctl.features.lifecycle.state import LabState, read_state
from labctl.features.lifecycle.up import bring_up
from labctl.features.parallel import for_each
from labctl.model import Definition
from labctl.waiting import wait_until

SIGNAL = "HUP"  # services/init.py is told by it
DONE = b"init: reset"  # and says so in the log, by which the new server is told from the old
PATIENCE_S = 1.5  # killing, emptying and starting take some hundredths of a second
PAUSE_S = 0.02
LINES_LOOKED_AT = 50


@dataclass(frozen=True)
class ResetReport:
    """What became of each service: reset in place, or made anew (with why)."""

    lab: Lab
    in_place: tuple[str, ...]
    made: Mapping[str, str]


def reset(
    engine: Engine,
    definition: Definition,
    name: str,
    *,
    tell: Progress,
    services: frozenset[str] | None = None,
    hard: bool = False,
) -> ResetReport:
    """Put the services of a lab back to pristine and wait until they answer.

    Args:
        engine: where.
        definition: the Compose file's.
        name: the lab's name; the lab must be there.
        tell: called with each step, in words.
        services: only these, where not all are wanted.
        hard: make every container anew.

    Raises:
        InputError: there is no such lab.
    """
    state = read_state(engine, name)
    if not state.is_there:
        raise InputError(f"there is no lab '{name}' to reset", hint=f"labctl up {name}")
    for_each(state.one_offs, lambda each: engine.remove(each.id))
    chosen = services or frozenset(definition.services)
    if hard:
        force = dict.fromkeys(chosen, "reset --hard")
    else:
        tell(f"resetting {name} in place")
        force = _reset_in_place(engine, state, chosen)
    report = bring_up(engine, definition, name, tell=tell, services=services, force=force)
    in_place = tuple(each for each in report.kept if each in chosen)
    return ResetReport(report.lab, in_place, report.made)


def _reset_in_place(engine: Engine, state: LabState, services: frozenset[str]) -> dict[str, str]:
    """Reset the running containers of these services; return those that did not, each with why."""
    running = [each for each in state.containers if each.state == "running"]
    chosen = [each for each in running if each.labels.get(labels.SERVICE) in services]
    outcomes = for_each(chosen, partial(_reset_container, engine))
    return {
        container.labels[labels.SERVICE]: why for container, why in zip(chosen, outcomes, strict=True) if why
    }


def _reset_container(engine: Engine, container: Container) -> str:
    """Reset one container; return why it did not come about, or nothing."""
    before = _last_time(engine, container)
    try:
        engine.kill(container.id, SIGNAL)
    except EngineError as error:
        return error.log or error.what
    done = wait_until(
        lambda: any(time > before and text == DONE for time, text in _timed_lines(engine, container)),
        timeout_s=PATIENCE_S,
        pause_s=PAUSE_S,
    )
    return "" if done else f"it did not reset in place within {PATIENCE_S:g} s"


def _last_time(engine: Engine, container: Container) -> bytes:
    return max((time for time, _ in _timed_lines(engine, container)), default=b"")


def _timed_lines(engine: Engine, container: Container) -> list[tuple[bytes, bytes]]:
    """Return the container's last log lines, each with the Engine's own time of it."""
    pieces = engine.logs(container.id, tail=LINES_LOOKED_AT, follow=False, timestamps=True)
    lines = [line.partition(b" ") for line in b"".join(pieces).splitlines()]
    return [(time, text) for time, _, text in lines]
