"""Puts a lab back to pristine, in place.

PID 1 of each container kills all else, empties every writable place and starts the server again.
The learner's work, a volume, is not touched. A container in which that does not come about, or
whose server then does not answer, is recreated; so is, where the reset is verified, one that
differs from a fresh one.
"""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from labctl import labels
from labctl.engine import Engine, Progress
from labctl.errors import EngineError, InputError
from labctl.features.lifecycle.lab import Lab, lab_from, usual_network_name
from labctl.features.lifecycle.ownership import read_own_state
from labctl.features.lifecycle.state import LabState
from labctl.features.lifecycle.up import bring_up
from labctl.features.parallel import for_each
from labctl.features.verify.pristine import Pristine, remove_leftover_references
from labctl.features.verify.verification import verify
from labctl.model import Definition
from labctl.waiting import wait_until

SIGNAL = "HUP"  # services/init.py resets on it
DONE = "init: reset"  # and says so in a line of the log, after which the server is the new one
REFUSED = "init: not reset: "  # or why it cannot
# Killing, emptying and starting take some hundredths of a second, for as many at once as there are
# cores: so it is enough that one of those awaited comes about in this time.
PATIENCE_S = 2.0
PAUSE_S = 0.01
LOOKS_AT_LAST = 20  # before all are looked at, though the last one has not answered
LINES_LOOKED_AT = 100
LINES_AT_MOST = 20_000  # where that many were written meanwhile; more than compose.yaml lets a log keep
DIFFERENCES_TOLD = 3


@dataclass(frozen=True)
class ResetReport:
    """What became of a lab.

    Attributes:
        lab: which.
        in_place: the services reset in place.
        made: those recreated, each with why.
        verified: whether all are pristine in the end; None: not compared.
        mended: those that were not at first, each with how; they were recreated, and are now.
        differences: those that are not even then, each with how.
        ended: the one-off containers that were removed, and with them what ran in them.
    """

    lab: Lab
    in_place: tuple[str, ...]
    made: Mapping[str, str]
    verified: bool | None = None
    mended: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    differences: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ended: tuple[str, ...] = ()


def reset(
    engine: Engine,
    definition: Definition,
    name: str,
    *,
    progress: Progress,
    services: frozenset[str] | None = None,
    hard: bool = False,
    pristine: Pristine | None = None,
) -> ResetReport:
    """Put the services of a lab back to pristine and wait until they answer.

    Args:
        engine: where.
        definition: the Compose file's.
        name: the lab's name; the lab must be there.
        progress: called with each step, in words.
        services: only these, where not all are wanted.
        hard: recreate every container.
        pristine: what to compare each service with afterwards; what differs is recreated.

    Raises:
        InputError: there is no such lab, the project is no lab of ours, or it has no such service.
    """
    state = read_own_state(engine, definition, name)
    if not state.is_there:
        raise InputError(f"there is no lab '{name}' to reset", hint=f"labctl up {name}")
    ended = _end_one_offs(engine, definition, state, services)
    if pristine is not None or any(labels.REFERENCE in each.labels for each in state.one_offs):
        remove_leftover_references(engine, name)
    own = lab_from(definition, name, (), usual_network_name(name), state.settings).definition.services
    chosen = services or frozenset(own)
    for each in sorted(chosen - own.keys()):
        raise InputError(f"lab '{name}' has no service '{each}'", hint=f"labctl status {name}")
    if hard:
        force = dict.fromkeys(chosen, "reset --hard")
    else:
        progress(f"resetting {name} in place")
        force = _reset_in_place(engine, state, chosen)
    report = bring_up(engine, definition, name, progress=progress, services=services, force=force)
    in_place = tuple(each for each in report.kept if each in chosen)
    if pristine is None:
        return ResetReport(report.lab, in_place, report.made, ended=ended)
    progress(f"comparing {name} with fresh containers")
    found = verify(engine, report.lab, chosen - report.lab.definition.jobs, pristine)
    if not found:
        return ResetReport(report.lab, in_place, report.made, verified=True, ended=ended)
    force = {service: _told(differences) for service, differences in found.items()}
    again = bring_up(engine, definition, name, progress=progress, services=services, force=force)
    still = verify(engine, again.lab, found, pristine)
    return ResetReport(
        again.lab,
        in_place=tuple(each for each in in_place if each not in again.made),
        made={**report.made, **again.made},
        verified=not still,
        mended={service: found[service] for service in found if service not in still},
        differences=still,
        ended=ended,
    )


def _end_one_offs(
    engine: Engine, definition: Definition, state: LabState, services: frozenset[str] | None
) -> tuple[str, ...]:
    """Remove the containers beside the toolbox, where it is reset too; return the names of those that ran."""
    toolbox = definition.toolbox
    if services is not None and (toolbox is None or toolbox.name not in services):
        return ()
    for_each(state.one_offs, lambda each: engine.remove(each.id))
    return state.running_one_offs


def _told(differences: Sequence[str]) -> str:
    """Return the first few differences in one line, and how many more there are."""
    more = len(differences) - DIFFERENCES_TOLD
    return "; ".join(differences[:DIFFERENCES_TOLD]) + (f"; and {more} more" if more > 0 else "")


def _reset_in_place(engine: Engine, state: LabState, services: frozenset[str]) -> dict[str, str]:
    """Reset the running containers of these services; return those that did not, each with why."""
    chosen = {
        each.id: each.labels[labels.SERVICE]
        for each in state.containers
        if each.state == "running" and each.labels.get(labels.SERVICE) in services
    }
    # All are signalled first: they reset themselves side by side while we look for their answers.
    since = engine.time()
    refusals = zip(chosen, for_each(chosen, lambda each: _signal(engine, each)), strict=True)
    answers = {container_id: refusal for container_id, refusal in refusals if refusal}

    def look_at(awaited: list[str]) -> bool:
        said = for_each(awaited, lambda each: _answer(engine, each, since))
        new = {each: answer for each, answer in zip(awaited, said, strict=True) if answer}
        answers.update(new)
        return bool(new)

    # They answer about in the order in which they were signalled. So mostly only the last one's log is read:
    # reading all of them each time would take the cores away from those that reset.
    looks = itertools.count(1)

    def one_answered() -> bool:
        *others, last = [each for each in chosen if each not in answers]
        answered = look_at([last])
        if answered or next(looks) % LOOKS_AT_LAST == 0:
            answered |= look_at(others)
        return answered

    while len(answers) < len(chosen):
        if not wait_until(one_answered, timeout_s=PATIENCE_S, pause_s=PAUSE_S):
            break
    late = f"{REFUSED}it did not reset in place within {PATIENCE_S:g} s"
    outcomes = ((service, answers.get(each, late)) for each, service in chosen.items())
    return {service: why.removeprefix(REFUSED) for service, why in outcomes if why != DONE}


def _signal(engine: Engine, container_id: str) -> str:
    """Signal PID 1 to reset; return why that is not possible, or nothing."""
    try:
        engine.kill(container_id, SIGNAL)
    except EngineError as error:
        return REFUSED + (error.log or error.what)
    return ""


def _answer(engine: Engine, container_id: str, since: float) -> str:
    """Return what PID 1 has said since then of the reset; empty when it has not yet.

    Any process in the container can write to its log. What is not in PID 1's words alone, in a line of its
    own, is not its answer; a refusal counts before all else; and PID 1 answers once.
    """
    pieces = _read_log(engine, container_id, since, LINES_LOOKED_AT)
    if len(pieces) >= LINES_LOOKED_AT:  # there may be more, and its answer among it
        pieces = _read_log(engine, container_id, since, LINES_AT_MOST)
    lines = b"".join(pieces).decode(errors="replace").split("\n")
    refusals = [each for each in lines if each.startswith(REFUSED)]
    if refusals:
        return refusals[-1]
    if lines.count(DONE) > 1:
        return f"{REFUSED}another process wrote '{DONE}' to its log"
    return DONE if DONE in lines else ""


def _read_log(engine: Engine, container_id: str, since: float, lines: int) -> list[bytes]:
    return list(engine.logs(container_id, tail=lines, follow=False, timestamps=False, since=since))
