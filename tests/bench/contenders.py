"""Who is timed: labctl, Docker Compose 2 and 1.29, and the bare Engine, each with the same tasks.

up      labs that were not there are there; labctl alone also waits until every server answers
reset   labs that run are pristine, and every server answers; the bare Engine only restarts
down    containers and networks are gone; the volumes, with the learner's work, stay

All work on the same compose.yaml and images. labctl and Compose are whole processes, as a user
types them. A class is one labctl with a roster; Compose and the bare Engine take lab after lab.
"""

import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import docker

from labctl import labels
from labctl.composefile import read_definition
from labctl.docker_engine import open_engine
from labctl.features.lifecycle.network import create_network
from labctl.features.parallel import for_each
from labctl.model import Definition
from tests.bench.commands import ROOT, BenchError, run
from tests.bench.labs import BenchLab

COMPOSE_FILE = ROOT / "compose.yaml"
PROGRAM = Path(sys.executable).with_name("labctl")
READY_TIMEOUT_S = 30

LABCTL, COMPOSE_2, COMPOSE_1, BARE = "labctl", "docker compose v2", "docker-compose v1", "bare Engine"
Labs = Sequence[BenchLab]


class Contender(Protocol):
    """Someone who brings labs up, resets them and takes them down."""

    name: str
    # What stands between project, service and number in a container's name.
    separator: str

    def up(self, labs: Labs) -> None:
        """Make labs."""

    def reset(self, labs: Labs) -> None:
        """Put running labs back to pristine."""

    def down(self, labs: Labs) -> None:
        """Take labs away."""


class Readiness:
    """Waits as labctl does: a probe in the toolbox asks every server its health check's question."""

    def __init__(self, definition: Definition) -> None:
        services = definition.services.values()
        self._questions = [f"{each.name}@{probe}" for each in services for probe in each.probes]
        self._toolbox = next(each.name for each in services if each.is_toolbox)

    def wait(self, lab: BenchLab, separator: str) -> None:
        """Wait until every server of a lab answers."""
        container = separator.join((lab.project, self._toolbox, "1"))
        run("docker", "exec", container, "probe", "--timeout", str(READY_TIMEOUT_S), *self._questions)


class Labctl:
    """labctl: labs by name, a class by its roster."""

    name = LABCTL
    separator = "-"

    def __init__(self, roster: Path) -> None:
        """Take the file that a roster may be written to."""
        self._roster = roster

    def up(self, labs: Labs) -> None:
        run(str(PROGRAM), "up", *self.words_for(labs))

    def reset(self, labs: Labs) -> None:
        run(str(PROGRAM), "reset", *self.words_for(labs))

    def down(self, labs: Labs) -> None:
        run(str(PROGRAM), "down", *self.words_for(labs))

    def status(self, labs: Labs) -> None:
        """Ask how each lab is; one that is not healthy fails."""
        run(str(PROGRAM), "status", *self.words_for(labs))

    def words_for(self, labs: Labs) -> list[str]:
        """Return what a user types to name these labs."""
        if len(labs) == 1:
            return [labs[0].name]
        self._roster.write_text("".join(f"{line}\n" for line in ("name", *(each.name for each in labs))))
        return ["--roster", str(self._roster)]


class Compose:
    """Docker Compose, of either kind: a project a lab, one after another."""

    def __init__(self, name: str, command: Sequence[str], separator: str, readiness: Readiness) -> None:
        self.name = name
        self.separator = separator
        self._command = command
        self._readiness = readiness

    def up(self, labs: Labs) -> None:
        for lab in labs:
            self._compose(lab, "up", "-d")

    def reset(self, labs: Labs) -> None:
        for lab in labs:
            self._compose(lab, "down")
            self._compose(lab, "up", "-d")
            self._readiness.wait(lab, self.separator)

    def down(self, labs: Labs) -> None:
        for lab in labs:
            self._compose(lab, "down")

    def _compose(self, lab: BenchLab, *words: str) -> None:
        run(*self._command, "-p", lab.project, *words, variables=lab.variables)


class BareEngine:
    """The floor that any orchestrator pays: the Engine's own calls, nothing looked at or awaited."""

    name = BARE
    separator = "-"

    def __init__(self, definition: Definition) -> None:
        self._definition = definition
        self._engine = open_engine()
        self._client = docker.from_env().api

    def up(self, labs: Labs) -> None:
        engine = self._engine
        for each in labs:
            lab = create_network(engine, self._definition, each.name)
            for volume in lab.definition.volumes.values():
                own = {**lab.owner_labels, labels.VOLUME: volume.name}
                engine.create_volume(lab.volume_name(volume.name), volume, own)
            specs = [
                lab.container_spec(service, service.image) for service in lab.definition.services.values()
            ]
            for_each(specs, lambda spec: engine.start(engine.create(spec)))

    def reset(self, labs: Labs) -> None:
        for_each(self._containers(labs), lambda each: self._client.restart(each, timeout=0))

    def down(self, labs: Labs) -> None:
        for_each(self._containers(labs), self._engine.remove)
        projects = {each.project for each in labs}
        for network in self._engine.networks():
            if network.labels.get(labels.PROJECT) in projects:
                self._engine.remove_network(network.id)

    def _containers(self, labs: Labs) -> list[str]:
        projects = {each.project for each in labs}
        found = self._engine.containers({labels.PROJECT: None})
        return [each.id for each in found if each.labels[labels.PROJECT] in projects]


def gather(definition: Definition, readiness: Readiness, roster: Path) -> dict[Contender, str]:
    """Return who takes part, each with its version; Compose 1 only where it is installed.

    Raises:
        BenchError: there is no Compose 2.
    """
    found: dict[Contender, str] = {Labctl(roster): run(str(PROGRAM), "--version").split()[-1]}
    version = run("docker", "compose", "version", "--short").strip().lstrip("v")
    if version.startswith("1"):
        raise BenchError(f"docker compose is {version}, not version 2")
    found[Compose(COMPOSE_2, ["docker", "compose"], "-", readiness)] = version
    if shutil.which("docker-compose"):
        version = run("docker-compose", "version", "--short").strip()
        if version.startswith("1."):
            found[Compose(COMPOSE_1, ["docker-compose"], "_", readiness)] = version
    found[BareEngine(definition)] = open_engine().ping()
    return found


def read_bench_definition() -> Definition:
    """Return the definition that all contenders work on."""
    return read_definition(COMPOSE_FILE, os.environ)
