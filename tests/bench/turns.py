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
from tests.bench.contenders import LABCTL, Contender, Labctl, Readiness
from tests.bench.costs import read_available_octets, read_group_octets, watch_idle
from tests.bench.engine_times import read_lab_seconds
from tests.bench.labs import BenchLab
from tests.bench.results import TASKS, Idle, Part, figures, memory
from tests.bench.sweeping import sweep

SETTLE_S = 3.0
STATUS_TIMES = 3


@dataclass
class _Seen:
    """What has been measured so far; by contender where there are several."""

    seconds: dict[str, dict[str, list[float]]] = field(default_factory=lambda: {task: {} for task in TASKS})
    available: dict[str, list[int]] = field(default_factory=dict)
    group: dict[str, list[int]] = field(default_factory=dict)
    lab_seconds: dict[str, list[float]] = field(default_factory=dict)
    status_seconds: list[float] = field(default_factory=list)
    idle: Idle | None = None


class Bench:
    """Measures contenders on the same labs."""

    def __init__(
        self, engine: DockerEngine, contenders: Sequence[Contender], readiness: Readiness, tell: Progress
    ) -> None:
        self._engine = engine
        self._client = docker.from_env().api
        self._contenders = contenders
        self._readiness = readiness
        self._tell = tell

    def measure(self, labs: Sequence[BenchLab], rounds: int, *, idle_s: float = 0.0) -> Part:
        """Return what all contenders' tasks took and cost.

        Args:
            labs: one, or a class.
            rounds: how many turns each contender has.
            idle_s: for how long to watch labctl's labs idle, once; 0: not.
        """
        seen = _Seen()
        containers = 0
        for number in range(rounds):
            for contender in self._contenders[:: 1 if number % 2 == 0 else -1]:
                containers = self._turn(contender, labs, seen, idle_s if number == 0 else 0.0)
                took = ", ".join(f"{task} {seen.seconds[task][contender.name][-1]:.2f} s" for task in TASKS)
                self._tell(f"round {number + 1} of {rounds}, {_size(labs)}: {contender.name}: {took}")
        return Part(
            labs=len(labs),
            containers=containers,
            rounds=rounds,
            tasks=figures(seen.seconds, LABCTL),
            memory={name: memory(each, seen.group[name]) for name, each in seen.available.items()},
            lab_seconds=seen.lab_seconds,
            status_seconds=seen.status_seconds,
            idle=seen.idle,
        )

    def _turn(self, contender: Contender, labs: Sequence[BenchLab], seen: _Seen, idle_s: float) -> int:
        """Let a contender do every task once; return how many containers there were."""

        def timed(task: str, work: Callable[[Sequence[BenchLab]], None]) -> None:
            seen.seconds[task].setdefault(contender.name, []).append(_seconds_of(lambda: work(labs)))
            if task != "down":
                for lab in labs:
                    self._readiness.wait(lab, contender.separator)
            time.sleep(SETTLE_S)

        sweep(self._engine)
        time.sleep(SETTLE_S)
        free_before = read_available_octets()
        timed("up", contender.up)
        taken = free_before - read_available_octets()
        containers = self._containers(labs)
        seen.available.setdefault(contender.name, []).append(taken // len(containers))
        seen.group.setdefault(contender.name, []).append(read_group_octets(self._engine, containers))
        if len(labs) > 1:
            seen.lab_seconds[contender.name] = read_lab_seconds(self._client, labs)
            if isinstance(contender, Labctl):
                for _ in range(STATUS_TIMES):
                    seen.status_seconds.append(round(_seconds_of(lambda: contender.status(labs)), 3))
        if idle_s and isinstance(contender, Labctl):
            self._tell(f"watching {_size(labs)} idle for {idle_s:g} s")
            seen.idle = watch_idle(containers, idle_s)
        timed("reset", contender.reset)
        timed("down", contender.down)
        return len(containers)

    def _containers(self, labs: Sequence[BenchLab]) -> list[str]:
        projects = {each.project for each in labs}
        found = self._engine.containers({labels.PROJECT: None})
        return [each.id for each in found if each.labels[labels.PROJECT] in projects]


def _seconds_of(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _size(labs: Sequence[BenchLab]) -> str:
    return "one lab" if len(labs) == 1 else f"a class of {len(labs)}"
