"""What was measured, as data: raw figures, their medians, ratios to labctl's, and how each came about."""

import statistics
from collections.abc import Mapping, Sequence
from typing import TypedDict

TASKS = ("up", "reset", "down")
ONE, CLASS = "one", "class"
RESET_AT_LEAST = 15.0  # times faster than Compose
UP_AT_MOST = 0.8  # of Compose's time, a class

HOW = {
    "up": "labctl: until every server answers; Compose: up -d; bare Engine: create and start",
    "reset": "labctl: reset; Compose: down, up -d, and the wait until every server answers; "
    "bare Engine: restart -t 0 of all containers",
    "down": "containers and networks; the learner's work is kept",
    "class": "labctl: one process, with a roster; Compose and bare Engine: one lab after another",
    "ratio": "the contender's median divided by labctl's: above 1 it takes longer than labctl",
    "memory": "the machine's MemAvailable before a lab is up and after, by its containers; "
    "and beside it what the containers' control groups say, page cache left out",
    "idle": "CPU time of the class's containers (control groups), their shims, and all of dockerd "
    "and containerd, as percent of one core",
    "lab_seconds": "by the Engine's clock, from a lab's network being made to its last container's start; "
    "median of the last three labs by that of the first three",
    "status": "labctl status over the class, the whole process",
}


class Figure(TypedDict):
    """One task of one contender; in seconds, `ratio` to labctl's median."""

    median: float
    min: float
    max: float
    ratio: float
    seconds: list[float]


class Memory(TypedDict):
    """Memory a container, in octets: medians, and what each round gave."""

    available: int
    group: int
    available_octets: list[int]
    group_octets: list[int]


class Idle(TypedDict):
    """CPU of an idle class in percent of one core: in all, and what makes it up."""

    seconds: float
    containers: int
    containers_percent: float
    shims_percent: float
    daemons_percent: float
    percent: float


class Part(TypedDict):
    """The measurements of one lab, or of a class. What was not measured is empty."""

    labs: int
    containers: int
    rounds: int
    tasks: dict[str, dict[str, Figure]]  # task, contender
    memory: dict[str, Memory]  # contender
    lab_seconds: dict[str, list[float]]  # contender; lab by lab, in the last round
    status_seconds: list[float]
    idle: Idle | None
    failures: list[str]  # turns that had to be had once more, each with why


class Machine(TypedDict):
    """Where it was measured."""

    cores: int
    memory_octets: int
    system: str


class Target(TypedDict):
    """What is to hold, its bound in words, and the ratio that was measured."""

    what: str
    ratio: float
    holds: bool


class Results(TypedDict):
    """All of a run; `make bench` writes it as JSON."""

    taken: str
    machine: Machine
    versions: dict[str, str]  # contender, and `Engine`
    how: dict[str, str]
    parts: dict[str, Part]
    targets: list[Target]


def figures(seconds: Mapping[str, Mapping[str, Sequence[float]]], base: str) -> dict[str, dict[str, Figure]]:
    """Return a figure for each task and contender.

    Args:
        seconds: what each round took, by task and contender.
        base: the contender to whom the ratios are.
    """
    return {
        task: {
            name: Figure(
                median=round(statistics.median(each), 3),
                min=round(min(each), 3),
                max=round(max(each), 3),
                ratio=round(statistics.median(each) / statistics.median(contenders[base]), 2),
                seconds=[round(one, 3) for one in each],
            )
            for name, each in contenders.items()
        }
        for task, contenders in seconds.items()
    }


def memory(available: Sequence[int], group: Sequence[int]) -> Memory:
    """Return what a container takes, from each round's two figures."""
    return Memory(
        available=round(statistics.median(available)),
        group=round(statistics.median(group)),
        available_octets=list(available),
        group_octets=list(group),
    )


def growth(lab_seconds: Sequence[float]) -> float:
    """Return how the last labs' time stands to the first ones': 1 is flat."""
    few = min(3, max(1, len(lab_seconds) // 2))
    return round(statistics.median(lab_seconds[-few:]) / statistics.median(lab_seconds[:few]), 2)


def targets(parts: Mapping[str, Part], base: str, rival: str) -> list[Target]:
    """Return what the project sets itself against a rival, as far as it was measured."""
    found = []
    for part in parts.values():
        size = "one lab" if part["labs"] == 1 else f"a class of {part['labs']}"
        ratio = _ratio(part, "reset", rival, base)
        what = f"reset of {size}: {rival} takes at least {RESET_AT_LEAST:g} x the time of {base}"
        found.append(Target(what=what, ratio=round(ratio, 3), holds=ratio >= RESET_AT_LEAST))
        if part["labs"] > 1:
            ratio = _ratio(part, "up", base, rival)
            what = f"up of {size}: {base} takes at most {UP_AT_MOST:g} x the time of {rival}"
            found.append(Target(what=what, ratio=round(ratio, 3), holds=ratio <= UP_AT_MOST))
    return found


def _ratio(part: Part, task: str, one: str, other: str) -> float:
    contenders = part["tasks"][task]
    return contenders[one]["median"] / contenders[other]["median"]
