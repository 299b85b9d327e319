"""Measure, side by side in one run, what labctl costs against Compose and the bare Engine.

Usage: python -m tests.bench [--pairs N] [--json FILE]

Every round times each contender once, in turn, on the same compose.yaml and for a new lab, so that
a machine whose speed drifts slows all of them alike. What counts are the ratios of medians.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from labctl import labels
from labctl.composefile import read_definition
from labctl.docker_engine import DockerEngine, open_engine
from labctl.features.lifecycle.down import take_down
from labctl.features.lifecycle.network import create_network
from labctl.features.parallel import for_each

ROOT = Path(__file__).parents[2]
COMPOSE_FILE = ROOT / "compose.yaml"
LABCTL = Path(sys.executable).with_name("labctl")
LAB = "bench"
PROJECT = f"lab-{LAB}"
COMPOSE_ENVIRON = {
    **os.environ,
    "LAB_IPV4_SUBNET": "10.88.90.0/26",
    "LAB_IPV6_SUBNET": "fd6c:6164::/64",
    "LAB_BRIDGE": "lab-bench",
    "LAB_INTERNAL": "true",
}

Contender = Callable[[], None]


def run(*words: str) -> None:
    """Run a command; stop the bench, with what it said, when it fails."""
    finished = subprocess.run(
        words, cwd=ROOT, env=COMPOSE_ENVIRON, capture_output=True, text=True, check=False
    )
    if finished.returncode:
        sys.exit(f"{' '.join(words)} failed:\n{finished.stdout}{finished.stderr}")


def floor_of(engine: DockerEngine) -> Contender:
    """Return what any orchestrator pays: create and start, nothing looked at, nothing awaited."""
    definition = read_definition(COMPOSE_FILE, os.environ)

    def bare() -> None:
        lab = create_network(engine, definition, LAB)
        for volume in definition.volumes.values():
            own = {**lab.owner_labels, labels.VOLUME: volume.name}
            engine.create_volume(lab.volume_name(volume.name), volume, own)
        for_each(
            lab.definition.services.values(),
            lambda service: engine.start(engine.create(lab.container_spec(service, ""))),
        )

    return bare


def contenders(engine: DockerEngine) -> dict[str, Contender]:
    """Return who is timed, by name."""
    chosen: dict[str, Contender] = {
        "labctl up, ready": lambda: run(str(LABCTL), "up", LAB),
        "docker compose up -d": lambda: run("docker", "compose", "-p", PROJECT, "up", "-d"),
        "bare Engine": floor_of(engine),
    }
    if subprocess.run(["sh", "-c", "docker-compose version | grep -q ' 1\\.'"], check=False).returncode == 0:
        chosen["docker-compose 1.29 up -d"] = lambda: run("docker-compose", "-p", PROJECT, "up", "-d")
    return chosen


def measure(pairs: int) -> dict[str, list[float]]:
    """Return the seconds each contender took, a figure a round."""
    engine = open_engine()
    definition = read_definition(COMPOSE_FILE, os.environ)
    seconds: dict[str, list[float]] = {}
    chosen = list(contenders(engine).items())
    for number in range(pairs):
        for name, contender in chosen[:: 1 if number % 2 == 0 else -1]:
            take_down(engine, LAB, discard_work_of=definition, tell=lambda step: None)
            began = time.perf_counter()
            contender()
            seconds.setdefault(name, []).append(time.perf_counter() - began)
        print(f"round {number + 1} of {pairs} done", file=sys.stderr)
    take_down(engine, LAB, discard_work_of=definition, tell=lambda step: None)
    return seconds


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--pairs", type=int, default=5, help="rounds [default: 5]")
    parser.add_argument("--json", type=Path, help="write all figures there")
    options = parser.parse_args()
    seconds = measure(options.pairs)
    medians = {name: statistics.median(each) for name, each in seconds.items()}
    labctl = medians["labctl up, ready"]
    print(f"{'a new lab':<28}{'median':>8}{'min':>8}{'max':>8}   labctl takes")
    for name, each in seconds.items():
        ratio = f"{labctl / medians[name]:.2f} x" if name != "labctl up, ready" else ""
        print(f"{name:<28}{medians[name]:>7.2f}s{min(each):>7.2f}s{max(each):>7.2f}s   {ratio}")
    if options.json is not None:
        options.json.write_text(json.dumps({"seconds": seconds, "medians": medians}, indent=2) + "\n")


if __name__ == "__main__":
    main()
