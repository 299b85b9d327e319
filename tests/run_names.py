"""Names and subnets that this run of the tests alone uses: no other run's, and nobody's lab.

A run holds a lock file as long as it lives. What a run that was killed has left is removed by the next one,
and so is a network that the Engine did not let go of: the lock file stays until all is gone.
"""

import fcntl
import os
import re
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path

import docker

from tests.integration.labs import sweep

VARIABLE = "LABCTL_TEST_RUN"
RUN = os.environ.setdefault(VARIABLE, secrets.token_hex(2))
LOCKS = Path(tempfile.gettempdir())
PROJECT_LABEL = "com.docker.compose.project"
# Clear of the pools that labctl takes its subnets from.
IPV4_POOL = IPv4Network("10.86.0.0/15")
IPV6_POOL = IPv6Network("fd6c:6200::/32")


def own(name: str) -> str:
    """Return the name of a lab, or of anything else on the Engine, as this run has it."""
    return f"{name}-{RUN}"


def own_subnets(number: int) -> tuple[str, str]:
    """Return the number-th IPv4 and IPv6 subnet of this run, of 4."""
    run = int(RUN, 16)
    ipv4 = int(IPV4_POOL.network_address) + ((run % 512) << 8) + (number << 6)
    ipv6 = int(IPV6_POOL.network_address) + (run << 80) + (number << 64)
    return str(IPv4Network((ipv4, 26))), str(IPv6Network((ipv6, 64)))


@contextmanager
def held_run() -> Iterator[None]:
    """Remove what dead runs left, hold this run, and remove what is left of it at the end."""
    for file in LOCKS.glob("labctl-tests-*.lock"):
        with file.open("r") as held:
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:  # it lives
                continue
            if sweep_run(file.stem.rpartition("-")[2]):
                file.unlink(missing_ok=True)
    lock = LOCKS / f"labctl-tests-{RUN}.lock"
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        try:
            yield
        finally:
            if sweep_run(RUN):
                lock.unlink(missing_ok=True)


def sweep_run(run: str) -> bool:
    """Remove whatever the Engine has of a run, by the name of its project; return whether all is gone."""
    for project in projects_of(run):
        sweep(project)
    return not projects_of(run)


def projects_of(run: str) -> list[str]:
    """Return the projects of a run of which the Engine has anything."""
    engine = docker.from_env()
    labelled = [each.labels for each in engine.containers.list(all=True, ignore_removed=True)]
    labelled += [each.attrs["Labels"] or {} for each in engine.networks.list() + engine.volumes.list()]
    projects = {each.get(PROJECT_LABEL, "") for each in labelled}
    return sorted(each for each in projects if re.search(rf"-{run}(-\d+)?$", each))
