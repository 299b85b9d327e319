"""Wrong variants of a server, each in a container of its own, and what the server's checks say of it.

Most of a check's time on a wrong server is waiting for an answer that does not come. So variants of
all servers are checked in parallel: their containers have nothing in common but the network.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.integration.labs import RunningLab, read_results, run_in

AT_ONCE = 8  # on two cores; with more the machine is so late that right answers come too late, too
CHECKS_TIMEOUT_S = 300.0


class Workbench:
    """A lab, and a container like its toolbox, but with room for many checkers in parallel."""

    def __init__(self, lab: RunningLab, toolbox: Any) -> None:
        self._lab = lab
        self._toolbox = toolbox
        self._originals = lab.containers()

    def failures(self, service: str, variant: str, folder: str = "broken") -> set[str]:
        """Return the names of the checks that fail on a variant, or on another program of a server."""
        original = self._originals[service]
        listens = original.labels.get("lab.listens", "").split()
        host = f"{self._lab.project}-{service}-{variant}".replace("_", "-")
        module = f"services.{service.replace('-', '_')}.{folder}.{variant}"
        # A server without a port is found by the folder of its sockets, which it takes as its argument.
        where, probes, arguments = host, [f"{host}@{listener}" for listener in listens], []
        if not listens:
            where = f"/run/lab/{host}"
            probes, arguments = [f"{where}/stream"], [where]
        target = json.dumps([{"service": service, "host": where, "listens": listens}])
        # The probe is there to wait: a variant that does not answer it is checked all the same.
        script = 'target=$1; shift; probe --timeout 10 "$@" >&2; exec python3 -m services.checking "$target"'
        with container_like(self._lab, original, host, "python3", "-m", module, *arguments):
            finished = run_in(
                self._toolbox.name, "sh", "-c", script, "sh", target, *probes, timeout_s=CHECKS_TIMEOUT_S
            )
        assert finished.returncode == 0, f"{host}: {finished.stderr}"
        results = read_results(finished.stdout)
        assert [each for each in results if each["outcome"] == "broken"] == [], host
        return {each["check"] for each in results if each["outcome"] == "failed"}


@contextmanager
def workbench(lab: RunningLab, name: str) -> Iterator[Workbench]:
    """Run a second toolbox, without the limits of a learner's."""
    toolbox = lab.container("client")
    unlimited = {"mem_limit": "2g", "pids_limit": 4096, "environment": toolbox.attrs["Config"]["Env"]}
    with container_like(lab, toolbox, f"{lab.project}-{name}", "sleep", "infinity", **unlimited) as container:
        yield Workbench(lab, container)


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
