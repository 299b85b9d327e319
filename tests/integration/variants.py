"""Wrong variants of a server, each in a container of its own, and what the server's checks say of it.

Most of a check's time on a wrong server is waiting for an answer that does not come. So variants of
all servers are checked in parallel: their containers have nothing in common but the network.
"""

import json
import queue
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from threading import Timer
from typing import Any

from tests.integration.labs import Finished, RunningLab, read_results

AT_ONCE = 6  # on two cores; with more the machine is so late that right answers come too late, too
CHECKS_TIMEOUT_S = 300.0
LOOKUP_ATTEMPTS = 4
NO_ANSWER = "Temporary failure in name resolution"
# Reads lines [PROBES, TARGET] of JSON. For each it waits until the probes are answered, and runs the
# checks in a process of its own, as `python3 -m services.checking [TARGET]` does; then it writes a line
# [EXIT CODE, STANDARD OUTPUT, STANDARD ERROR]. A variant that answers no probe is for the checks to find.
CHECKER = """
import json, os, sys, tempfile, traceback
from services import probe
from services.checking.__main__ import main
from services.checking.registry import load_checks

def check(probes, target):
    channel = os.dup(1)
    os.dup2(2, 1)
    probe.main(["--timeout", "10", *probes])
    sys.stdout.flush()
    os.dup2(channel, 1)
    main(json.dumps([target]))

nothing = os.open(os.devnull, os.O_RDONLY)
for line in sys.stdin:
    probes, target = json.loads(line)
    load_checks(target["service"])
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        pid = os.fork()
        if not pid:
            os.dup2(nothing, 0)
            os.dup2(out.fileno(), 1)
            os.dup2(err.fileno(), 2)
            try:
                check(probes, target)
            except BaseException:
                traceback.print_exc()
                os._exit(1)
            os._exit(0)
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        out.seek(0)
        err.seek(0)
        print(json.dumps([code, out.read().decode(), err.read().decode(errors="replace")]), flush=True)
"""


class Checker:
    """A process in a container that checks one target after another: Python starts once for them all."""

    def __init__(self, container: str) -> None:
        command = ["docker", "exec", "-i", container, "python3", "-c", CHECKER]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def run(self, probes: list[str], target: dict[str, Any]) -> Finished:
        """Return what the checks have printed of a target, once the probes are answered."""
        assert self._process.stdin and self._process.stdout
        late = Timer(CHECKS_TIMEOUT_S, self._process.kill)
        late.start()
        try:
            self._process.stdin.write(json.dumps([probes, target]) + "\n")
            self._process.stdin.flush()
            line = self._process.stdout.readline()
        finally:
            late.cancel()
        assert line, f"no verdict on {target} within {CHECKS_TIMEOUT_S:g} s"
        return subprocess.CompletedProcess(target["host"], *json.loads(line))

    def __enter__(self) -> "Checker":
        return self

    def __exit__(self, *_: object) -> None:
        self._process.__exit__(None, None, None)  # closes its input, which ends it, and waits


class Workbench:
    """A lab, and checkers in a container like its toolbox, but with room for many in parallel."""

    def __init__(self, lab: RunningLab, checkers: list[Checker]) -> None:
        self._lab = lab
        self._originals = lab.containers()
        self._checkers: queue.SimpleQueue[Checker] = queue.SimpleQueue()
        for each in checkers:
            self._checkers.put(each)

    def failures(self, service: str, variant: str, folder: str = "broken") -> dict[str, str]:
        """Return the checks that fail on a variant, or on another program of a server, and what they got."""
        original = self._originals[service]
        listens = original.labels.get("lab.listens", "").split()
        host = f"{self._lab.project}-{service}-{variant}".replace("_", "-")
        module = f"services.{service.replace('-', '_')}.{folder}.{variant}"
        # A server without a port is found by the folder of its sockets, which it takes as its argument.
        where, probes, arguments = host, [f"{host}@{listener}" for listener in listens], []
        if not listens:
            where = f"/run/lab/{host}"
            probes, arguments = [f"{where}/stream"], [where]
        target = {"service": service, "host": where, "listens": listens}
        with container_like(self._lab, original, host, "python3", "-m", module, *arguments):
            # While many variants are probed, the Engine's resolver may leave a name without an answer for
            # seconds. That is no mistake of a server: the variant is checked again.
            for _ in range(LOOKUP_ATTEMPTS):
                results = self._check(host, probes, target)
                if not any(NO_ANSWER in each["got"] for each in results):
                    break
        return {each["check"]: each["got"] for each in results if each["outcome"] == "failed"}

    def _check(self, host: str, probes: list[str], target: dict[str, Any]) -> list[dict[str, Any]]:
        """Return the results of all checks of a target; none is broken."""
        checker = self._checkers.get()
        try:
            finished = checker.run(probes, target)
        finally:
            self._checkers.put(checker)
        assert finished.returncode == 0, f"{host}: {finished.stderr}"
        results = read_results(finished.stdout)
        assert [each for each in results if each["outcome"] == "broken"] == [], host
        return results


@contextmanager
def workbench(lab: RunningLab, name: str, checkers: int = AT_ONCE) -> Iterator[Workbench]:
    """Run a second toolbox, without the limits of a learner's, and checkers in it."""
    toolbox = lab.container("client")
    environment = [*toolbox.attrs["Config"]["Env"], "RES_OPTIONS=attempts:2"]  # as `labctl check`
    unlimited = {"mem_limit": "2g", "pids_limit": 4096, "environment": environment}
    with (
        container_like(lab, toolbox, f"{lab.project}-{name}", "sleep", "infinity", **unlimited) as container,
        ExitStack() as stack,
    ):
        yield Workbench(lab, [stack.enter_context(Checker(container.name)) for _ in range(checkers)])


@contextmanager
def container_like(
    lab: RunningLab, original: Any, name: str, *command: str, **different: Any
) -> Iterator[Any]:
    """Run a container like one of the lab's own, but for the program in it and settings that differ."""
    settings = original.attrs["HostConfig"]
    [network] = original.attrs["NetworkSettings"]["Networks"]
    alike = {
        "read_only": True,
        "cap_drop": ["ALL"],
        "security_opt": ["no-new-privileges:true"],
        "tmpfs": settings["Tmpfs"],
        "volumes_from": [original.id],
        "mem_limit": settings["Memory"],
        "pids_limit": settings["PidsLimit"],
        "dns": settings["Dns"],
        "dns_opt": settings["DnsOptions"],
    }
    container = lab.engine.containers.run(
        original.image.id,
        list(command),
        name=name,
        network=network,
        detach=True,
        labels={"com.docker.compose.project": lab.project, "com.docker.compose.oneoff": "True"},
        **{**alike, **different},
    )
    try:
        yield container
    finally:
        container.remove(force=True)
