"""Rounds of a bench: in each, every contender has a turn, and each round turns their order around.

A machine whose speed drifts so slows all of them alike. Between tasks everything gets time to settle,
for the kernel goes on taking networks apart long after the Engine has said that they are gone.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import docker

from labctl import labels
from labctl.docker_engine import DockerEngine
from labctl.engine import Progress
from labctl.errors import LabError
from tests.bench.commands import BenchError
from tests.bench.contenders import LABCTL, Contender, Labctl, Readiness
from tests.bench.costs import read_available_octets, read_group_octets, watch_idle
from tests.bench.engine_times import read_lab_seconds
from tests.bench.labs import BenchLab, choose_labs
from tests.bench.results import TASKS, Idle, Part, figures, memory
from tests.bench.sweeping import sweep

SETTLE_S = 3.0
SETTLE_S_PER_LAB = 0.5  # and so much more when labs have gone
STATUS_TIMES = 3
TRIES = 3  # at a turn


@dataclass
class Turn:
    """What one contender's turn gave; see Part for the meaning of each."""

    seconds: dict[str, float] = field(default_factory=dict)  # by task
    containers: int = 0
    available_octets: int = 0
    group_octets: int = 0
    lab_seconds: list[float] = field(default_factory=list)
    status_seconds: list[float] = field(default_factory=list)
    idle: Idle | None = None


class Bench:
    """Measures contenders on the same labs."""

    def __init__(
        self, engine: DockerEngine, contenders: Sequence[Contender], readiness: Readiness, progress: Progress
    ) -> None:
        self._engine = engine
        self._client = docker.from_env().api
        self._contenders = contenders
        self._readiness = readiness
        self._progress = progress

    def measure(self, size: int, rounds: int, *, idle_s: float = 0.0) -> Part:
        """Return what all contenders' tasks took and cost.

        Args:
            size: how many labs.
            rounds: how many turns each contender has.
            idle_s: for how long to watch labctl's labs idle, in the first round; 0: not.

        Raises:
            BenchError: a contender failed time and again; LabError likewise.
        """
        turns: dict[str, list[Turn]] = {each.name: [] for each in self._contenders}
        failures: list[str] = []
        for number in range(rounds):
            for contender in self._contenders[:: 1 if number % 2 == 0 else -1]:
                turn = self._try_turn(contender, size, 0.0 if number else idle_s, failures)
                turns[contender.name].append(turn)
                took = ", ".join(f"{task} {turn.seconds[task]:.2f} s" for task in TASKS)
                self._progress(f"round {number + 1} of {rounds}, labs {size}: {contender.name}: {took}")
        return _part(turns, size, rounds, failures)

    def _try_turn(self, contender: Contender, size: int, idle_s: float, failures: list[str]) -> Turn:
        """Let a contender have its turn, on other labs again if it fails: that is told, and not timed."""
        for attempt in range(1, TRIES + 1):
            stuck = sweep(self._engine)
            time.sleep(SETTLE_S + SETTLE_S_PER_LAB * size)
            try:
                return self._turn(contender, choose_labs(size, stuck), idle_s)
            except (BenchError, LabError) as error:
                if attempt == TRIES:
                    raise
                said = str(error).strip().splitlines()
                failures.append(f"{contender.name}: {said[0]} {said[-1]}")
                self._progress(f"once more, for it failed: {failures[-1]}")
        raise AssertionError("a turn is given or raised")

    def _turn(self, contender: Contender, labs: Sequence[BenchLab], idle_s: float) -> Turn:
        """Let a contender do every task once."""
        turn = Turn()

        def timed(task: str, work: Callable[[Sequence[BenchLab]], None]) -> None:
            turn.seconds[task] = _seconds_of(lambda: work(labs))
            if task != "down":
                for lab in labs:
                    self._readiness.wait(lab, contender.separator)
            time.sleep(SETTLE_S)

        available = read_available_octets()
        timed("up", contender.up)
        taken = available - read_available_octets()
        containers = self._containers(labs)
        turn.containers = len(containers)
        turn.available_octets = taken // len(containers)
        turn.group_octets = read_group_octets(self._engine, containers)
        if len(labs) > 1:
            turn.lab_seconds = read_lab_seconds(self._client, labs)
            if isinstance(contender, Labctl):
                ask = contender.status
                turn.status_seconds = [_seconds_of(lambda: ask(labs)) for _ in range(STATUS_TIMES)]
        if idle_s and isinstance(contender, Labctl):
            self._progress(f"watching {len(labs)} labs idle for {idle_s:g} s")
            turn.idle = watch_idle(containers, idle_s)
        timed("reset", contender.reset)
        timed("down", contender.down)
        return turn

    def _containers(self, labs: Sequence[BenchLab]) -> list[str]:
        projects = {each.project for each in labs}
        found = self._engine.containers({labels.PROJECT: None})
        return [each.id for each in found if each.labels[labels.PROJECT] in projects]


def _part(turns: dict[str, list[Turn]], size: int, rounds: int, failures: list[str]) -> Part:
    seconds = {
        task: {name: [turn.seconds[task] for turn in each] for name, each in turns.items()} for task in TASKS
    }
    return Part(
        labs=size,
        containers=turns[LABCTL][0].containers,
        rounds=rounds,
        tasks=figures(seconds, LABCTL),
        memory={
            name: memory([turn.available_octets for turn in each], [turn.group_octets for turn in each])
            for name, each in turns.items()
        },
        lab_seconds={name: each[-1].lab_seconds for name, each in turns.items() if each[-1].lab_seconds},
        status_seconds=[round(one, 3) for turn in turns[LABCTL] for one in turn.status_seconds],
        idle=turns[LABCTL][0].idle,
        failures=failures,
    )


def _seconds_of(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
