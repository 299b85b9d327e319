"""Servers that have run out of threads, processes and descriptors go on, and are well again afterwards."""

import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, NamedTuple

import pytest

from tests.integration.labs import RunningLab

SERVERS = (
    "asyncio",
    "by-hand-forks",
    "by-hand-select",
    "by-hand-threads",
    "daytime",
    "echo",
    "forking",
    "hello",
    "objects",
    "socketserver",
    "threading",
    "unix",
    "upper-tcp",
)
AT_ONCE = 2  # the toolbox, where the crowds run, has one core
PIDS = 8  # with PID 1 and the server there are six left
DESCRIPTORS = 64
CLIENTS = 200
WELL_AGAIN_S = 1.0
MAX_REPORTS = 3  # of one shortage, and of those that end and begin again while the crowd leaves
SPIN_SHARE = 0.5  # of a core; a loop that asks again at once takes all of one

# Connects so many clients to an address, each in the middle of a line; after a while all leave at once.
# Prints how long it took from then on until the server answered a probe.
CROWD = """
import socket, sys, time
from services import probe
where, count, *probes = sys.argv[1:]
socks = []
for _ in range(int(count)):
    if where.startswith("/"):
        sock, address = socket.socket(socket.AF_UNIX), where
    else:
        host, port = where.rsplit(":", 1)
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        sock = socket.socket(family, kind)
    sock.setblocking(False)
    sock.connect_ex(address)
    socks.append(sock)
time.sleep(0.3)
for sock in socks:
    try:
        sock.send(b"x")
    except OSError:
        pass
time.sleep(4)
for sock in socks:
    sock.close()
left = time.monotonic()
code = probe.main(["--timeout", "10", *probes])
print(time.monotonic() - left)
sys.exit(code)
"""


class Outcome(NamedTuple):
    """What became of one server."""

    well_again_s: float
    core_share: float  # while the crowd was there
    is_running: bool
    log: str


def judge(lab: RunningLab, service: str) -> Outcome:
    """Return what became of a server; one that was late is tried again, as a busy machine is late, too."""
    first = crowd(lab, service)
    return first if first.well_again_s < WELL_AGAIN_S else crowd(lab, service)


def crowd(lab: RunningLab, service: str) -> Outcome:
    """Run a server short of everything, with a crowd of clients, and let them leave."""
    original = lab.container(service)
    settings, config = original.attrs["HostConfig"], original.attrs["Config"]
    [network] = original.attrs["NetworkSettings"]["Networks"]
    host = f"{lab.project}-short-{service}"
    where, arguments = host, []
    if service == "unix":
        where = f"/run/lab/{host}"
        arguments = [where]
    container = lab.engine.containers.run(
        original.image.id,
        [*config["Cmd"], *arguments],
        name=host,
        network=network,
        detach=True,
        labels={"com.docker.compose.project": lab.project, "com.docker.compose.oneoff": "True"},
        read_only=True,
        tmpfs=settings["Tmpfs"],
        volumes_from=[original.id],
        mem_limit=settings["Memory"],
        pids_limit=PIDS,
        ulimits=[{"Name": "nofile", "Soft": DESCRIPTORS, "Hard": DESCRIPTORS}],
    )
    try:
        probes = [
            question.replace("/run/lab/", f"{where}/") if service == "unix" else f"{host}@{question}"
            for question in config["Healthcheck"]["Test"][2:]
        ]
        lab.run("probe", "--timeout", "20", *probes)
        port = original.labels.get("lab.listens", "").partition("/")[0]
        address = f"{where}/stream" if service == "unix" else f"{host}:{port}"
        with ThreadPoolExecutor(1) as pool:
            leaving = pool.submit(lab.python, CROWD, address, str(CLIENTS), *probes)
            time.sleep(1.0)
            share = core_share(container.stats(stream=False))
            finished = leaving.result()
        assert finished.returncode == 0, finished.stdout + finished.stderr + container.logs().decode()
        container.reload()
        well_again_s = float(finished.stdout.split()[0])
        return Outcome(well_again_s, share, container.status == "running", container.logs().decode())
    finally:
        container.remove(force=True)


def core_share(stats: dict[str, Any]) -> float:
    """Return how much of a core a container used in the last second."""
    used = [stats[each]["cpu_usage"]["total_usage"] for each in ("precpu_stats", "cpu_stats")]
    machine = [stats[each]["system_cpu_usage"] for each in ("precpu_stats", "cpu_stats")]
    return float((used[1] - used[0]) / (machine[1] - machine[0]) * stats["cpu_stats"]["online_cpus"])


@pytest.fixture(scope="module")
def outcomes(lab: RunningLab) -> Iterator[dict[str, Future[Outcome]]]:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield {service: pool.submit(judge, lab, service) for service in SERVERS}


@pytest.mark.parametrize("service", SERVERS)
def test_a_server_short_of_everything_is_well_again_when_the_crowd_has_left(
    service: str, outcomes: dict[str, Future[Outcome]]
) -> None:
    outcome = outcomes[service].result()
    assert outcome.is_running, outcome.log
    assert outcome.well_again_s < WELL_AGAIN_S, outcome.log
    assert outcome.core_share < SPIN_SHARE, outcome.log
    assert outcome.log.count("waiting until there is room") <= MAX_REPORTS, outcome.log
    assert "Traceback" not in outcome.log, outcome.log
