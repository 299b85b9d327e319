"""A storm of faults, seeded and so repeatable: after each, one `labctl up` makes the struck lab right.

    .venv/bin/pytest tests/storm                              the short one of `make test`
    LABCTL_STORM_EVENTS=200 .venv/bin/pytest tests/storm      a long one; LABCTL_STORM_SEED=7: another

It stands apart from the integration tests because it may kill the Engine, on which their lab runs.
No lab but the struck one may lose a check or a container, and nobody's work may be lost.
"""

import os
import random
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import docker
import pytest

from tests.integration.labs import RunningLab, kill_at_event, labctl, labctl_json, wait_until
from tests.run_names import PROJECT_LABEL, RUN, own

LABS = (own("storm-a"), own("storm-b"), own("storm-c"))
SERVICES = ("hello", "echo")
EVENTS = int(os.environ.get("LABCTL_STORM_EVENTS", "24"))
SEED = int(os.environ.get("LABCTL_STORM_SEED", "2026"))
DOCKER_PID = Path("/var/run/docker.pid")
MARK = Path("/run/labctl-started-engine.pid")  # written by a set-up that has started the Engine itself


def may_kill_engine() -> bool:
    """Return whether the Engine is for that: the set-up started it, and only this run has containers."""
    try:
        is_ours = MARK.read_text() == DOCKER_PID.read_text()
    except OSError:
        return False
    containers = docker.from_env().containers.list(all=True, ignore_removed=True)
    projects = {each.labels.get(PROJECT_LABEL, "") for each in containers}
    return is_ours and os.geteuid() == 0 and all(each.endswith(f"-{RUN}") for each in projects)


class Storm:
    """Three labs, whose faults are drawn from one seeded source."""

    def __init__(self, roster: Path) -> None:
        self.roster = roster
        self.chance = random.Random(SEED)
        self.labs = {name: RunningLab(f"lab-{name}") for name in LABS}

    def kill_container(self, lab: RunningLab) -> None:
        """End PID 1 of a container."""
        self._draw(lab).kill("KILL")

    def kill_server(self, lab: RunningLab) -> None:
        """End the server, PID 1's child."""
        container = lab.container(self.chance.choice(SERVICES))
        lab.run(
            "sh",
            "-c",
            "kill -9 $(cat /proc/1/task/1/children)",
            service=container.labels["com.docker.compose.service"],
        )

    def stop_server(self, lab: RunningLab) -> None:
        """Stop the server in its tracks: it holds its port and answers nobody."""
        lab.run("sh", "-c", "kill -STOP $(cat /proc/1/task/1/children)", service=self.chance.choice(SERVICES))

    def pause(self, lab: RunningLab) -> None:
        """Freeze a container."""
        self._draw(lab).pause()

    def remove_container(self, lab: RunningLab) -> None:
        """Remove a container under labctl's feet."""
        self._draw(lab).remove(force=True)

    def disconnect(self, lab: RunningLab) -> None:
        """Pull a container off its network."""
        [network] = self._networks(lab)
        network.disconnect(self._draw(lab), force=True)

    def remove_network(self, lab: RunningLab) -> None:
        """Remove the lab's network, everybody pulled off it first."""
        for network in lab.engine.networks.list(
            filters={"label": f"com.docker.compose.project={lab.project}"}
        ):
            for container in lab.containers().values():
                network.disconnect(container, force=True)
            network.remove()

    def kill_up(self, lab: RunningLab) -> None:
        """Kill labctl in the middle of making a harmed lab right."""
        self._draw(lab).remove(force=True)
        self._kill_labctl(lab, "up", self._name(lab))

    def kill_reset(self, lab: RunningLab) -> None:
        """Kill labctl in the middle of a reset, in place or not."""
        self._kill_labctl(lab, "reset", self._name(lab), *self.chance.choice(([], ["--hard"])))

    def kill_down(self, lab: RunningLab) -> None:
        """Kill labctl in the middle of taking the lab down."""
        self._kill_labctl(lab, "down", self._name(lab))

    def kill_save(self, lab: RunningLab) -> None:
        """Kill labctl in the middle of saving the learner's work."""
        self._kill_labctl(lab, "work", "save", self._name(lab))

    def kill_engine(self, lab: RunningLab) -> None:
        """Kill the Engine itself; `labctl up` starts it again, and all labs are struck."""
        pid = int(DOCKER_PID.read_text())
        os.kill(pid, signal.SIGKILL)
        wait_until(lambda: not Path(f"/proc/{pid}").exists(), awaited="the end of the Engine")

    def _networks(self, lab: RunningLab) -> list[Any]:
        label = f"com.docker.compose.project={lab.project}"
        found: list[Any] = lab.engine.networks.list(filters={"label": label})
        return found

    def _draw(self, lab: RunningLab) -> Any:
        return self.chance.choice(sorted(lab.containers().values(), key=lambda each: each.name))

    def _name(self, lab: RunningLab) -> str:
        return lab.project.removeprefix("lab-")

    def _kill_labctl(self, lab: RunningLab, *words: str) -> None:
        kill_at_event(self.chance.randint(1, 8), lab.project, *words)


@pytest.fixture
def storm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Storm]:
    monkeypatch.setenv("LABCTL_SNAPSHOTS", str(tmp_path / "snapshots"))
    roster = tmp_path / "storm.yaml"
    roster.write_text(f"defaults: {{services: [{', '.join(SERVICES)}]}}\nlabs: [{', '.join(LABS)}]\n")
    labctl("down", *LABS, "--discard-work")
    finished = labctl("up", "--roster", str(roster))
    assert finished.returncode == 0, finished.stderr
    yield Storm(roster)
    assert labctl("down", *LABS, "--discard-work").returncode == 0


def started(lab: RunningLab) -> dict[str, tuple[str, str]]:
    return {name: (c.id, c.attrs["State"]["StartedAt"]) for name, c in lab.containers().items()}


def test_after_every_fault_one_up_makes_the_lab_right_and_nobody_else_notices(storm: Storm) -> None:
    faults: list[Callable[[RunningLab], None]] = [
        storm.kill_container,
        storm.kill_server,
        storm.stop_server,
        storm.pause,
        storm.remove_container,
        storm.disconnect,
        storm.remove_network,
        storm.kill_up,
        storm.kill_reset,
        storm.kill_down,
        storm.kill_save,
        *([storm.kill_engine] if may_kill_engine() else []),
    ]
    for name, lab in storm.labs.items():
        assert lab.shell(f"echo {name} > /home/student/mine").returncode == 0
    for number in range(EVENTS):
        # Each fault in turn, then again in another order: a short storm has every kind.
        fault = faults[number % len(faults)]
        if number % len(faults) == len(faults) - 1:
            storm.chance.shuffle(faults)
        name = storm.chance.choice(LABS)
        event = f"event {number} (seed {SEED}): {fault.__name__} on {name}"
        others = [each for each in LABS if each != name]
        before = {each: started(storm.labs[each]) for each in others}
        fault(storm.labs[name])

        if fault == storm.kill_engine:
            finished = labctl("up", "--roster", str(storm.roster))
        else:
            assert {each: started(storm.labs[each]) for each in others} == before, event
            finished = labctl("up", "--roster", str(storm.roster), name)
        assert finished.returncode == 0, f"{event}\n{finished.stderr}"
        checked = labctl_json("check", *LABS, "--service", SERVICES[0])
        failed = [each for each in checked["results"] if each["outcome"] != "passed"]
        assert not failed, f"{event}\n{failed}"
        assert {each["lab"] for each in checked["results"]} == set(LABS), event
        for each, lab in storm.labs.items():
            assert lab.shell("cat /home/student/mine").stdout == f"{each}\n", event
