"""A class of two: one student is hostile, the other wants to work. And whom the first might reach."""

import ipaddress
import json
import select
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import docker
import pytest

from tests.integration.labs import RunningLab, labctl, sweep
from tests.run_names import RUN, own, own_subnets

ATTACKER, VICTIM = own("attacker"), own("victim")
SERVICES = ("echo", "upper-tcp", "static", "creosote")
PROJECT = own("isolation")  # of what the tests make beside the labs
LABELS = {"com.docker.compose.project": PROJECT}
IP_FREEBIND, IPV6_FREEBIND = (socket.SOL_IP, 15), (socket.IPPROTO_IPV6, 78)  # <linux/in.h>, <linux/in6.h>
OUTSIDE_SUBNETS, OPEN_SUBNETS = own_subnets(1), own_subnets(2)


@pytest.fixture(scope="package")
def labs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[RunningLab, RunningLab]]:
    """The hostile student's lab, and the other's: a few servers are enough to be attacked."""
    roster = tmp_path_factory.mktemp("class") / "class.yaml"
    roster.write_text(json.dumps({"defaults": {"services": SERVICES}, "labs": [ATTACKER, VICTIM]}))
    labctl("down", ATTACKER, VICTIM, "--discard-work")
    finished = labctl("up", "--roster", str(roster))
    assert finished.returncode == 0, finished.stderr
    yield RunningLab(f"lab-{ATTACKER}"), RunningLab(f"lab-{VICTIM}")
    assert labctl("down", ATTACKER, VICTIM, "--discard-work").returncode == 0


@pytest.fixture(scope="package")
def attacker(labs: tuple[RunningLab, RunningLab]) -> RunningLab:
    return labs[0]


@pytest.fixture(scope="package")
def victim(labs: tuple[RunningLab, RunningLab]) -> RunningLab:
    return labs[1]


@dataclass(frozen=True)
class Neighbourhood:
    """Whom a lab has around it, as containers of the tests' own.

    Attributes:
        outside: a server on an ordinary network of the Engine.
        inside: in the attacker's lab, but root, and allowed what no student is.
        published: as `inside`, on a network like the default lab's: not internal, with a published port.
    """

    outside: Any
    inside: Any
    published: Any


@pytest.fixture(scope="package")
def around(attacker: RunningLab) -> Iterator[Neighbourhood]:
    sweep(PROJECT)
    image = attacker.container("client").image.id
    outside_network = make_network("outside", OUTSIDE_SUBNETS, {})
    open_network = make_network("open", OPEN_SUBNETS, {"com.docker.network.bridge.name": f"lab-o-{RUN}"})
    mighty = {"user": "0", "cap_add": ["NET_ADMIN", "NET_RAW"]}
    yield Neighbourhood(
        outside=run_echo("outside", image, outside_network),
        inside=run_echo("inside", image, network_of(attacker), **mighty),
        published=run_echo("open", image, open_network, ports={"7/tcp": ("127.0.0.1", None)}, **mighty),
    )
    sweep(PROJECT)


def make_network(name: str, subnets: tuple[str, ...], options: dict[str, str]) -> Any:
    pools = [docker.types.IPAMPool(subnet=subnet) for subnet in subnets]
    return docker.from_env().networks.create(
        f"{PROJECT}_{name}",
        driver="bridge",
        enable_ipv6=True,
        ipam=docker.types.IPAMConfig(pool_configs=pools),
        options={"com.docker.network.bridge.enable_ip_masquerade": "false", **options},
        labels=LABELS,
    )


def network_of(lab: RunningLab) -> Any:
    [name] = lab.container("client").attrs["NetworkSettings"]["Networks"]
    return lab.engine.networks.get(name)


def run_echo(name: str, image: str, network: Any, **more: Any) -> Any:
    command = ["python3", "-m", "services.echo.server"]
    container = docker.from_env().containers.run(
        image, command, name=f"{PROJECT}-{name}", network=network.name, labels=LABELS, detach=True, **more
    )
    code, said = container.exec_run(["probe", "--timeout", "10", "7/tcp"])
    assert code == 0, said
    container.reload()
    return container


def bridge_of(network: Any) -> str:
    """Return the name of a network's interface on the host."""
    usual = f"br-{network.id[:12]}"
    return str(network.attrs["Options"].get("com.docker.network.bridge.name", usual))


def gateways(network: Any) -> list[str]:
    """Return the host's addresses on a network: the first of each subnet."""
    subnets = [ipaddress.ip_network(each["Subnet"]) for each in network.attrs["IPAM"]["Config"]]
    return [str(subnet[1]) for subnet in subnets]


def link_local_addresses(interface: str) -> list[str]:
    """Return those that the host has on one of its interfaces, as the kernel lists them."""
    lines = [line.split() for line in Path("/proc/net/if_inet6").read_text().splitlines()]
    octets = [bytes.fromhex(line[0]) for line in lines if line[5] == interface]
    return [str(address) for address in map(ipaddress.IPv6Address, octets) if address.is_link_local]


@dataclass(frozen=True)
class HostListener:
    """The host, listening on all its bridges: each address, one port for TCP and UDP alike."""

    port: int
    addresses: tuple[str, ...]
    heard: list[str] = field(repr=False)


@pytest.fixture(scope="package")
def host(labs: tuple[RunningLab, RunningLab], around: Neighbourhood) -> Iterator[HostListener]:
    networks = [*map(network_of, labs), labs[0].engine.networks.get("bridge")]
    networks += labs[0].engine.networks.list(filters={"label": f"com.docker.compose.project={PROJECT}"})
    found = [
        (address, bridge_of(each))
        for each in networks
        for address in gateways(each) + link_local_addresses(bridge_of(each))
    ]
    heard: list[str] = []
    with ExitStack() as stack:
        port, listening = 0, []
        for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
            for address, interface in found:
                family = socket.AF_INET6 if ":" in address else socket.AF_INET
                sock = stack.enter_context(socket.socket(family, kind))
                scope = (0, socket.if_nametoindex(interface)) if address.startswith("fe80") else ()
                # Whether the address is up already, or the bridge, is of no interest.
                sock.setsockopt(*(IPV6_FREEBIND if family == socket.AF_INET6 else IP_FREEBIND), 1)
                sock.bind((address, port, *scope))
                port = sock.getsockname()[1]
                if kind == socket.SOCK_STREAM:
                    sock.listen()
                listening.append(sock)
        stopped, stop = socket.socketpair()
        thread = threading.Thread(target=answer, args=(listening, stopped, heard))
        thread.start()
        yield HostListener(port, tuple(address for address, _ in found), heard)
        stop.close()
        thread.join()
        stopped.close()


def answer(listening: list[socket.socket], stopped: socket.socket, heard: list[str]) -> None:
    """Note who comes, and answer, until told to stop."""
    while stopped not in (ready := select.select([*listening, stopped], [], [])[0]):
        for sock in ready:
            if sock.type == socket.SOCK_STREAM:
                connection, peer = sock.accept()
                connection.close()
            else:
                _, peer = sock.recvfrom(1024)
                sock.sendto(b"yes?", peer)
            heard.append(str(peer[0]))
