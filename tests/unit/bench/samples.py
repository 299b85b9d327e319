"""Results as a bench gives them: the figures are made up, no two alike."""

from tests.bench.results import HOW, Idle, Machine, Part, Results, figures, memory, targets

SECONDS = {
    "up": {
        "labctl": [3.1, 3.3, 3.2],
        "docker compose v2": [4.1, 4.0, 4.3],
        "docker-compose v1": [6.1, 6.2, 6.3],
        "bare Engine": [2.9, 3.0, 2.8],
    },
    "reset": {
        "labctl": [0.41, 0.40, 0.45],
        "docker compose v2": [7.1, 7.2, 7.0],
        "docker-compose v1": [11.2, 11.0, 11.1],
        "bare Engine": [5.1, 5.2, 5.3],
    },
    "down": {
        "labctl": [1.31, 1.32, 1.35],
        "docker compose v2": [2.21, 2.22, 2.25],
        "docker-compose v1": [3.3, 3.4, 3.5],
        "bare Engine": [1.11, 1.12, 1.13],
    },
}


def part(labs: int) -> Part:
    """Return the part of a number of labs; each takes as long as one alone."""
    seconds = {
        task: {name: [one * labs for one in each] for name, each in contenders.items()}
        for task, contenders in SECONDS.items()
    }
    alone = labs == 1
    return Part(
        labs=labs,
        containers=25 * labs,
        rounds=3,
        tasks=figures(seconds, "labctl"),
        memory={name: memory([11 << 20, 10 << 20, 12 << 20], [9 << 20] * 3) for name in seconds["up"]},
        lab_seconds={} if alone else {"labctl": [2.0, 2.1, 2.2, 2.1, 2.3, 2.2]},
        status_seconds=[] if alone else [0.71, 0.75, 0.73],
        idle=None
        if alone
        else Idle(
            seconds=60.0,
            containers=25 * labs,
            containers_percent=0.31,
            shims_percent=0.22,
            daemons_percent=0.43,
            percent=0.96,
        ),
        failures=[] if alone else ["docker compose v2: down failed has active endpoints"],
    )


def results(**parts: Part) -> Results:
    """Return results of these parts; of one lab and a class of ten when none are given."""
    parts = parts or {"one": part(1), "class": part(10)}
    return Results(
        taken="2026-01-01T00:00:00+00:00",
        machine=Machine(cores=2, memory_octets=8 << 30, system="Linux 6.1"),
        versions={
            "Engine": "20.10.24",
            "labctl": "0.1.0",
            "docker compose v2": "2.26.1",
            "docker-compose v1": "1.29.2",
            "bare Engine": "20.10.24",
        },
        how=HOW,
        parts=parts,
        targets=targets(parts, "labctl", "docker compose v2"),
    )
