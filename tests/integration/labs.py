"""A lab under test, seen from outside: its containers, and commands run in them.

Nothing of labctl's inside is used here: what a test sees is what a user sees.
"""

import contextlib
import itertools
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docker
import docker.errors

ROOT = Path(__file__).parents[2]
COMPOSE_FILE = ROOT / "compose.yaml"
LABCTL = Path(sys.executable).with_name("labctl")
COMMAND_TIMEOUT_S = 120.0

Finished = subprocess.CompletedProcess[str]


def labctl(*words: str, timeout_s: float = COMMAND_TIMEOUT_S, **more_environ: str) -> Finished:
    """Run labctl as a user would, and return what it printed and its exit code."""
    return subprocess.run(
        [str(LABCTL), *words],
        cwd=ROOT,
        env={**os.environ, **more_environ},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=timeout_s,
        check=False,
    )


def labctl_json(*words: str) -> Any:
    """Run labctl with --json; return the document, whatever the exit code."""
    finished = labctl(*words, "--json")
    assert finished.stdout, finished.stderr
    return json.loads(finished.stdout)


class RunningLab:
    """A Compose project of ours: its containers by service, and commands run in them."""

    def __init__(self, project: str) -> None:
        self.project = project
        self.engine = docker.from_env()

    def containers(self) -> dict[str, Any]:
        """Return the project's own containers, by service."""
        labels = [f"com.docker.compose.project={self.project}", "com.docker.compose.oneoff=False"]
        found = self.engine.containers.list(all=True, filters={"label": labels})
        return {each.labels["com.docker.compose.service"]: each for each in found}

    def container(self, service: str) -> Any:
        """Return the container of one service; others are not looked at, which takes the Engine a while."""
        labels = [
            f"com.docker.compose.project={self.project}",
            f"com.docker.compose.service={service}",
            "com.docker.compose.oneoff=False",
        ]
        [container] = self.engine.containers.list(all=True, filters={"label": labels})
        return container

    def run(
        self,
        *argv: str,
        service: str = "client",
        stdin: bytes | str = b"",
        timeout_s: float = COMMAND_TIMEOUT_S,
    ) -> Finished:
        """Run a command in a service's container, by default the toolbox."""
        return run_in(self.container(service).name, *argv, stdin=stdin, timeout_s=timeout_s)

    def shell(
        self, script: str, *, stdin: bytes | str = b"", timeout_s: float = COMMAND_TIMEOUT_S
    ) -> Finished:
        """Run a shell script in the toolbox."""
        return self.run("bash", "-c", script, stdin=stdin, timeout_s=timeout_s)

    def python(self, program: str, *arguments: str, timeout_s: float = COMMAND_TIMEOUT_S) -> Finished:
        """Run a Python program in the toolbox, given as text."""
        return self.run("python3", "-c", program, *arguments, timeout_s=timeout_s)

    def wait_until_answers(self, *services: str, timeout_s: float = 60.0) -> None:
        """Wait until services answer a probe from the toolbox; else fail with state and log."""
        chosen = {n: c for n, c in self.containers().items() if not services or n in services}
        questions = []
        for name, container in chosen.items():
            test = (container.attrs["Config"].get("Healthcheck") or {}).get("Test") or []
            questions += [f"{name}@{question}" for question in test[2:] if test[1] == "probe"]
        finished = self.run("probe", "--timeout", str(timeout_s), *questions, timeout_s=timeout_s + 10)
        assert finished.returncode == 0, f"{finished.stdout}\n{self.describe(finished.stdout)}"

    def describe(self, said: str) -> str:
        """Return state and last log lines of each service the probe's report names."""
        told = []
        for line in said.splitlines():
            container = self.container(line.partition("@")[0])
            log = container.logs(tail=5).decode(errors="replace")
            told.append(f"{container.name} is {container.status}; its log ends: {log}")
        return "\n".join(told)


def run_in(
    container: str, *argv: str, stdin: bytes | str = b"", timeout_s: float = COMMAND_TIMEOUT_S
) -> Finished:
    """Run a command in a container; return what it printed and its exit code."""
    finished = subprocess.run(
        ["docker", "exec", "-i", container, *argv],
        input=stdin.encode() if isinstance(stdin, str) else stdin,
        capture_output=True,
        timeout=timeout_s,
        check=False,
    )
    return subprocess.CompletedProcess(
        argv, finished.returncode, finished.stdout.decode("utf-8", "replace"), finished.stderr.decode()
    )


def read_results(printed: str) -> list[dict[str, Any]]:
    """Return the results in what the checker printed; assert that the run was whole."""
    first, *results, last = [json.loads(line) for line in printed.splitlines()]
    found = [each["result"] for each in results]
    assert last == {"done": len(found)}
    assert sorted([each["service"], each["check"]] for each in found) == sorted(first["planned"])
    return found


def wait_until(holds: Callable[[], bool], *, awaited: str, timeout_s: float = 20.0) -> None:
    """Wait until a condition holds; fail saying what was awaited."""
    deadline = time.monotonic() + timeout_s
    while not holds():
        assert time.monotonic() < deadline, f"waited {timeout_s:g} s in vain for: {awaited}"
        time.sleep(0.05)


def kill_at_event(number: int, project: str, *words: str) -> bool:
    """Run labctl and kill it when the Engine tells the number-th event of a project's containers.

    So it dies at a step of its work, on a fast machine and a slow one. Return whether it came so far.
    """
    engine = docker.from_env()
    told = engine.events(
        since=f"{time.time():.6f}",
        filters={"type": "container", "label": f"com.docker.compose.project={project}"},
    )
    process = subprocess.Popen(
        [LABCTL, *words], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )

    def kill() -> None:
        for _ in itertools.islice(told, number - 1, number):
            process.kill()

    watcher = threading.Thread(target=kill)
    watcher.start()
    process.wait(timeout=COMMAND_TIMEOUT_S)
    told.close()
    watcher.join()
    return process.returncode == -signal.SIGKILL


def sweep(project: str) -> None:
    """Remove whatever an earlier, interrupted run left of a project: by label, at start and at end.

    A network the Engine takes for used, though nothing is on it (moby#42119), stays until the Engine
    restarts; what is made next under its name uses it again.
    """
    engine = docker.from_env()
    label = f"com.docker.compose.project={project}"
    for container in engine.containers.list(all=True, filters={"label": label}):
        with contextlib.suppress(docker.errors.NotFound):
            container.remove(force=True, v=True)
    for network in engine.networks.list(filters={"label": label}):
        try:
            network.remove()
        except docker.errors.APIError as error:
            print(f"network {network.name} stays behind: {error.explanation}", file=sys.stderr)
    for volume in engine.volumes.list(filters={"label": label}):
        volume.remove(force=True)
