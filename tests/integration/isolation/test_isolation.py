"""A hostile student reaches nobody: not the other lab, not the host, not the outside.

It is tried by connecting, from three places: the toolbox as the student has it; a container in the same lab
that is root and may change routes and forge frames, which no student is and may; and one like it on a network
like the default lab's, which is not internal. A refusal counts as reached: somebody was there to refuse.
"""

import ipaddress
import json
import os
import secrets
import socket
import subprocess
from contextlib import suppress
from typing import Any

import pytest

from labctl.composefile import read_definition
from labctl.docker_engine import open_engine
from labctl.features.isolation import ensure, ensure_isolation
from tests.integration.isolation.conftest import (
    ATTACKER,
    OUTSIDE_SUBNETS,
    VICTIM,
    HostListener,
    Neighbourhood,
    gateways,
    network_of,
)
from tests.integration.labs import COMPOSE_FILE, RunningLab, labctl, labctl_json, wait_until

# Knocks at each address and port, by TCP, UDP and ping, all at once; prints whoever gave a sign of life.
KNOCK = r"""
import concurrent.futures, json, socket, subprocess, sys
def knock(target):
    how, host, port = target
    try:
        if how == "ping":
            said = subprocess.run(["ping", "-c", "1", "-W", "1", host], capture_output=True)
            return None if said.returncode else target
        kind = socket.SOCK_STREAM if how == "tcp" else socket.SOCK_DGRAM
        family, _, _, _, place = socket.getaddrinfo(host, port, type=kind)[0]
        with socket.socket(family, kind) as sock:
            sock.settimeout(1)
            sock.connect(place)
            if how == "udp":
                sock.send(b"anybody?")
                sock.recv(100)
            return target
    except ConnectionRefusedError:
        return target
    except OSError:
        return None
targets = json.loads(sys.argv[1])
with concurrent.futures.ThreadPoolExecutor(60) as pool:
    print(json.dumps([each for each in pool.map(knock, targets) if each]))
"""

# As root: a way out by the host, should the Engine have given none.
ROUTES = "ip route replace default via {} ; ip -6 route replace default via {}"


def targets_of(addresses: list[str], port: int) -> list[list[object]]:
    """Return each way to knock at a port, and one at a port where nobody listens."""
    ways: list[list[object]] = []
    for address in addresses:
        ways += [["tcp", address, port], ["udp", address, port], ["tcp", address, 2375], ["ping", address, 0]]
    return ways


def own_addresses(container: Any) -> list[str]:
    [settings] = container.attrs["NetworkSettings"]["Networks"].values()
    return [settings["IPAddress"], settings["GlobalIPv6Address"]]


def seen_from_inside(addresses: tuple[str, ...]) -> list[str]:
    return [f"{address}%eth0" if address.startswith("fe80") else address for address in addresses]


@pytest.fixture(params=["the student", "root in the lab", "root in a lab that is not internal"])
def source(request: pytest.FixtureRequest, attacker: RunningLab, around: Neighbourhood) -> Any:
    if request.param == "the student":
        return attacker.container("client")
    if request.param == "root in the lab":
        container, network = around.inside, network_of(attacker)
    else:
        container = around.published
        network = attacker.engine.networks.get(f"{container.name.rpartition('-')[0]}_open")
    code, said = container.exec_run(["sh", "-c", ROUTES.format(*gateways(network))])
    assert code == 0, said
    return container


def knock(source: Any, targets: list[list[object]]) -> list[list[object]]:
    code, said = source.exec_run(["python3", "-c", KNOCK, json.dumps(targets)])
    assert code == 0, said
    reached: list[list[object]] = json.loads(said)
    return reached


def test_whoever_could_be_reached_is_there(
    host: HostListener, victim: RunningLab, around: Neighbourhood
) -> None:
    # Else the tests below would hold for a lab without any neighbours.
    for address in host.addresses:
        if not address.startswith("fe80"):
            connect(address, host.port)
    for container, port in ((victim.container("static"), 80), (around.outside, 7)):
        for address in own_addresses(container):
            connect(address, port)
    gateway = str(ipaddress.ip_network(OUTSIDE_SUBNETS[0])[1])
    assert gateway in host.addresses
    how = [["tcp", gateway, host.port], ["udp", gateway, host.port], ["ping", gateway, 0]]
    assert knock(around.outside, how) == how


def connect(address: str, port: int) -> None:
    """Connect, as soon as the host's new addresses are up."""

    def connected() -> bool:
        with suppress(OSError):
            socket.create_connection((address, port), 5).close()
            return True
        return False

    wait_until(connected, awaited=f"a connection to {address}, port {port}")


def test_nobody_around_a_lab_is_reached_from_it(
    source: Any, host: HostListener, victim: RunningLab, around: Neighbourhood
) -> None:
    host.heard.clear()
    others = targets_of(seen_from_inside(host.addresses), host.port)
    for service, port in (("echo", 7), ("static", 80), ("creosote", 7739), ("client", 22)):
        others += targets_of(own_addresses(victim.container(service)), port)
    others += targets_of(own_addresses(around.outside), 7)
    assert knock(source, others) == []
    assert host.heard == []


def test_a_student_reaches_all_of_the_own_lab(attacker: RunningLab) -> None:
    own = [["tcp", "echo", 7], ["tcp", "static", 80], ["ping", "creosote", 0]]
    own += [["tcp", address, 7] for address in own_addresses(attacker.container("echo"))]
    assert knock(attacker.container("client"), own) == own


def test_no_name_leads_out_of_a_lab(attacker: RunningLab) -> None:
    project = f"lab-{VICTIM}"
    names = [
        *(f"{project}-{service}-1" for service in ("echo", "client")),
        f"{project}-echo-1.{project}_default",
        f"echo.{project}_default",
        "host.docker.internal",
        "gateway.docker.internal",
        socket.gethostname(),
    ]
    assert attacker.run("getent", "ahosts", "echo").returncode == 0
    found = attacker.shell("; ".join(f"getent ahosts {name}" for name in names)).stdout
    assert found == ""


def test_broadcasts_reach_the_own_lab_and_no_other(attacker: RunningLab, victim: RunningLab) -> None:
    token = secrets.token_hex(8)
    program = r"""
import socket, sys
for place in sys.argv[2:]:
    family, kind, _, _, address = socket.getaddrinfo(place, 7739, type=socket.SOCK_DGRAM)[0]
    with socket.socket(family, kind) as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        try:
            sock.sendto(f"{sys.argv[1]} {place}".encode(), address)
        except OSError as error:
            print(place, error)
"""
    directed = {lab: str(subnet_of(lab).broadcast_address) for lab in (attacker, victim)}
    own = [directed[attacker], "ff02::1%eth0"]
    # Newer Engines give an internal network no default route, and this one takes that route.
    if "default" in attacker.run("ip", "-4", "route").stdout:
        own.append("255.255.255.255")
    sent = attacker.python(program, token, directed[victim], *own)
    wait_until(
        lambda: all(f"{token} {place}" in printed_by(attacker) for place in own),
        awaited=f"each broadcast in the own lab's bucket ({sent.stdout}{sent.stderr})",
    )
    assert token not in printed_by(victim)


def subnet_of(lab: RunningLab) -> ipaddress.IPv4Network:
    return ipaddress.IPv4Network(network_of(lab).attrs["IPAM"]["Config"][0]["Subnet"])


def printed_by(lab: RunningLab) -> str:
    return str(lab.container("creosote").logs().decode())


# Asks the wire who has an address; then tells everybody, falsely, that it has it itself.
ARP = r"""
import json, socket, struct, sys, time
wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x0806))
wire.bind(("eth0", 0))
mac = wire.getsockname()[4]
def frame(operation, sender, target):
    head = b"\xff" * 6 + mac + struct.pack("!HHHBBH", 0x0806, 1, 0x0800, 6, 4, operation)
    return head + mac + socket.inet_aton(sender) + bytes(6) + socket.inet_aton(target)
own, *wanted = sys.argv[1:]
for address in wanted:
    wire.send(frame(1, own, address))
answered, end = set(), time.monotonic() + 1
wire.settimeout(0.2)
while time.monotonic() < end:
    try:
        got = wire.recv(100)
    except TimeoutError:
        continue
    if got[20:22] == b"\0\2":
        answered.add(socket.inet_ntoa(got[28:32]))
for _ in range(20):
    for address in wanted[1:]:
        wire.send(frame(2, address, address))
print(json.dumps(sorted(answered)))
"""


def test_no_neighbour_is_found_or_deceived_by_arp(
    attacker: RunningLab, victim: RunningLab, around: Neighbourhood
) -> None:
    [mine] = own_addresses(attacker.container("echo"))[:1]
    theirs = [own_addresses(victim.container(service))[0] for service in ("echo", "static", "client")]
    argv = ["python3", "-c", ARP, own_addresses(around.inside)[0], mine, *theirs]
    code, said = around.inside.exec_run(argv)
    assert code == 0, said
    assert json.loads(said) == [mine]
    checked = labctl("check", VICTIM, "--service", "echo")
    assert checked.returncode == 0, checked.stdout


def test_what_is_published_is_reached_from_this_machine(around: Neighbourhood) -> None:
    [published] = around.published.attrs["NetworkSettings"]["Ports"]["7/tcp"]
    with socket.create_connection(("127.0.0.1", int(published["HostPort"])), 5) as sock:
        sock.sendall(b"through the border")
        assert sock.recv(100) == b"through the border"


def is_isolated() -> bool:
    [finding] = [each for each in labctl_json("doctor") if each["name"] == "isolation"]
    return bool(finding["ok"])


@pytest.mark.usefixtures("labs")
@pytest.mark.parametrize("way", ["by root", "through a container"])
def test_rules_that_a_firewall_has_lost_are_set_again(way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can take rules away")
    assert is_isolated()
    subprocess.run(["iptables", "-D", "INPUT", "-j", "LABCTL-INPUT"], check=True)
    assert not is_isolated()
    if way == "by root":
        assert labctl("up", ATTACKER).returncode == 0
    else:  # what `up` does for everybody else
        monkeypatch.setattr(ensure, "may_set_here", lambda environ: False)
        ensure_isolation(open_engine(), read_definition(COMPOSE_FILE, os.environ), print, os.environ)
    assert is_isolated()
