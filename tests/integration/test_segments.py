"""Two labs of two segments each, with a router between: routed inside a lab, isolated from all else."""

import ipaddress
import itertools
from collections.abc import Iterator
from pathlib import Path

import docker
import pytest

from tests.integration.labs import RunningLab, labctl
from tests.run_names import own

NAMES = (own("segments-a"), own("segments-b"))
COMPOSE_FILE = """
x-server: &server
  image: labctl/server
  read_only: true
  tmpfs: ["/tmp:size=8m,mode=1777", "/dev/shm:size=8m,mode=1777"]
  cap_drop: [ALL]
  command: [python3, -m, services.echo.server]
  healthcheck: {test: [CMD, probe, "7/tcp ping => ping"], interval: 5m}
  labels: {lab.listens: 7/tcp}
services:
  client:
    image: labctl/client
    read_only: true
    tmpfs: ["/tmp:size=8m,mode=1777", "/dev/shm:size=8m,mode=1777"]
    networks: [lan]
    labels: {lab.role: toolbox}
  router:
    <<: *server
    networks: {lan: {}, wan: {aliases: [gateway]}}
    sysctls: {net.ipv4.ip_forward: 1, net.ipv6.conf.all.forwarding: 1}
    depends_on: {far: {condition: service_healthy}}
  far: {<<: *server, networks: [wan]}
networks:
  lan: {enable_ipv6: true}
  wan: {enable_ipv6: true}
"""
CONNECT = """
import socket, sys
try:
    with socket.create_connection((sys.argv[1], 7), timeout=2) as connection:
        connection.sendall(b"ping")
        print(connection.recv(4))
except OSError as error:
    print("no:", error)
"""


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> str:
    path: Path = tmp_path_factory.mktemp("course") / "compose.yaml"
    path.write_text(COMPOSE_FILE)
    return str(path)


@pytest.fixture(scope="module")
def labs(file: str) -> Iterator[list[RunningLab]]:
    labctl("-f", file, "down", *NAMES)
    finished = labctl("-f", file, "up", *NAMES)
    assert finished.returncode == 0, finished.stderr
    yield [RunningLab(f"lab-{name}") for name in NAMES]
    assert labctl("-f", file, "down", *NAMES).returncode == 0


def networks_of(lab: RunningLab, service: str) -> dict[str, tuple[str, str]]:
    """Return a service's addresses, by the file's names of the networks."""
    found = lab.container(service).attrs["NetworkSettings"]["Networks"]
    return {
        name.rpartition("_")[2]: (each["IPAddress"], each["GlobalIPv6Address"])
        for name, each in found.items()
    }


def subnets_of(lab: RunningLab) -> list[list[str]]:
    found = docker.from_env().networks.list(filters={"label": f"com.docker.compose.project={lab.project}"})
    by_name = {each.name.rpartition("_")[2]: each for each in found}
    return [[one["Subnet"] for one in by_name[name].attrs["IPAM"]["Config"]] for name in ("lan", "wan")]


def reach(lab: RunningLab, address: str) -> str:
    return lab.python(CONNECT, address).stdout.strip()


def add_route(lab: RunningLab, service: str, subnet: str, via: str) -> None:
    docker.from_env().containers.run(
        "labctl/client",
        ["ip", "route", "add", subnet, "via", via],
        network_mode=f"container:{lab.container(service).id}",
        cap_add=["NET_ADMIN"],
        user="0",
        remove=True,
    )


def test_every_segment_has_subnets_of_its_own(labs: list[RunningLab]) -> None:
    subnets = [ipaddress.ip_network(each) for lab in labs for pair in subnets_of(lab) for each in pair]
    assert len(subnets) == 8
    assert not any(
        one.overlaps(other)
        for one, other in itertools.combinations(subnets, 2)
        if one.version == other.version
    )


def test_segments_are_isolated_until_a_route_leads_through_the_router(labs: list[RunningLab]) -> None:
    one, other = labs
    far, router = networks_of(one, "far")["wan"], networks_of(one, "router")
    assert one.run("getent", "hosts", "router").returncode == 0
    assert one.run("getent", "hosts", "far").returncode != 0
    for address in far:
        assert reach(one, address).startswith("no:")

    lan, wan = subnets_of(one)
    for family in (0, 1):
        add_route(one, "client", wan[family], router["lan"][family])
        add_route(one, "far", lan[family], router["wan"][family])
    for address in far:
        assert reach(one, address) == "b'ping'", address

    theirs = [*networks_of(other, "far")["wan"], *networks_of(other, "router")["lan"]]
    for address in theirs:
        assert reach(one, address).startswith("no:"), address


def test_a_second_up_changes_nothing_and_a_reset_is_pristine(labs: list[RunningLab], file: str) -> None:
    before = {name: each.id for name, each in labs[1].containers().items()}
    finished = labctl("-f", file, "up", NAMES[1])
    assert finished.returncode == 0, finished.stderr
    finished = labctl("-f", file, "reset", NAMES[1], "--verify")
    assert finished.returncode == 0, finished.stdout + finished.stderr
    assert {name: each.id for name, each in labs[1].containers().items()} == before
