"""The bucket, seen from where its datagrams end up: in its log.

What it prints no client can see, so these rules are no checks. They are tried on the wrong buckets of
`broken/in_the_log` as well: each of them breaks a rule, and each rule is broken by one of them.
"""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.integration.labs import ROOT, RunningLab, labctl, wait_until
from tests.integration.variants import container_like

PACKAGE = "services.creosote.broken.in_the_log"
VARIANTS = sorted(path.stem for path in (ROOT / "services/creosote/broken/in_the_log").glob("[!_]*.py"))
SENDER = "python3 -m services.client.programs creosote_send"
PRINTED_WITHIN_S = 5.0

# Sends a datagram for each rule; prints, for each, the end of the line that must be in the log.
SENDING = r"""
import json, secrets, socket, subprocess, sys
host, token = sys.argv[1], secrets.token_hex(4)
interface = json.loads(subprocess.check_output(["ip", "-j", "-4", "addr", "show", "eth0"]))[0]
own = interface["addr_info"][0]

def fire(address, data, shown):
    family, kind, number, _, place = socket.getaddrinfo(address, 7739, type=socket.SOCK_DGRAM)[0]
    with socket.socket(family, kind, number) as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        sock.bind((own["local"], 0) if family == socket.AF_INET else ("", 0))
        if family == socket.AF_INET6:
            sock.connect(place)
        sock.sendto(data, place) if family == socket.AF_INET else sock.send(data)
        mine, port = sock.getsockname()[:2]
    mine = f"[{mine.partition('%')[0]}]" if family == socket.AF_INET6 else mine
    return f" {mine}:{port} {shown}"

def of(family):
    return socket.getaddrinfo(host, None, family)[0][4][0]

text = f"{token} jalape\u00f1o"
control = f"{token} \x1b[31m\r\n00:00:00 10.9.9.9:9 forged".encode()
binary = token.encode() + bytes(range(128, 256))
print(json.dumps({
    "unicast over IPv4": fire(of(socket.AF_INET), text.encode(), text),
    "unicast over IPv6": fire(of(socket.AF_INET6), text.encode(), text),
    "directed broadcast": fire(own["broadcast"], text.encode(), text),
    "all hosts over IPv6": fire("ff02::1%eth0", text.encode(), text),
    "control characters escaped": fire(host, control, repr(control)),
    "octets that are no text escaped": fire(host, binary, repr(binary)),
    "a long text whole": fire(host, (token * 500).encode(), token * 500),
}))
"""


def broken_rules(lab: RunningLab, container: Any, host: str) -> dict[str, str]:
    """Send a datagram for each rule; return the rules of which the line did not come, with the line."""
    sent = lab.python(SENDING, host)
    assert sent.returncode == 0, sent.stderr
    awaited: dict[str, str] = json.loads(sent.stdout)
    deadline = time.monotonic() + PRINTED_WITHIN_S
    while awaited and time.monotonic() < deadline:
        printed = container.logs().decode().splitlines()
        awaited = {
            rule: ending
            for rule, ending in awaited.items()
            if not any(line.endswith(ending) for line in printed)
        }
        time.sleep(0.05)
    return awaited


def test_the_bucket_shows_who_sent_what_to_it_and_to_the_subnet(lab: RunningLab) -> None:
    assert broken_rules(lab, lab.container("creosote"), "creosote") == {}


def test_a_limited_broadcast_reaches_every_bucket_of_the_wire(lab: RunningLab) -> None:
    # On a network of its own: Docker lets no frame to 255.255.255.255 through an internal one, as it
    # drops what is not for the network's subnet, even from one port of the bridge to another.
    labels = {"com.docker.compose.project": lab.project, "com.docker.compose.oneoff": "True"}
    network = lab.engine.networks.create(f"{lab.project}_wire", driver="bridge", labels=labels)
    buckets = []
    try:
        for number in (1, 2):
            image = lab.container("creosote").image.id
            name, command = f"{lab.project}-bucket-{number}", ["python3", "-m", "services.creosote.server"]
            buckets.append(
                lab.engine.containers.run(
                    image, command, name=name, network=network.name, labels=labels, detach=True
                )
            )
        probes = " ".join(f"{bucket.name}@7739/udp" for bucket in buckets)
        lab.engine.containers.run(
            lab.container("client").image.id,
            ["sh", "-c", f"probe --timeout 10 {probes} && {SENDER} 255.255.255.255 'anybody there?'"],
            network=network.name,
            labels=labels,
            remove=True,
        )
        wait_until(
            lambda: all(b" anybody there?\n" in bucket.logs() for bucket in buckets),
            awaited="a line of each bucket",
        )
    finally:
        for bucket in buckets:
            bucket.remove(force=True)
        network.remove()


def test_labctl_logs_shows_what_was_sent(lab: RunningLab) -> None:
    finished = lab.shell(f"{SENDER} creosote 'x is 42'")
    assert finished.returncode == 0, finished.stderr
    shown = labctl("logs", lab.project.removeprefix("lab-"), "--service", "creosote", "--tail", "20")
    assert "x is 42" in shown.stdout


@pytest.fixture(scope="module")
def broken_by(lab: RunningLab) -> dict[str, set[str]]:
    """What each wrong bucket does not show."""

    def try_variant(variant: str) -> set[str]:
        host, module = f"{lab.project}-creosote-{variant}".replace("_", "-"), f"{PACKAGE}.{variant}"
        with container_like(lab, lab.container("creosote"), host, "python3", "-m", module) as container:
            lab.run("probe", "--timeout", "10", f"{host}@7739/udp")
            return set(broken_rules(lab, container, host))

    with ThreadPoolExecutor(len(VARIANTS)) as pool:
        return dict(zip(VARIANTS, pool.map(try_variant, VARIANTS), strict=True))


def test_every_wrong_bucket_breaks_a_rule(broken_by: dict[str, set[str]]) -> None:
    assert VARIANTS
    assert [variant for variant, rules in broken_by.items() if not rules] == []


def test_every_rule_is_broken_by_a_bucket_that_keeps_others(broken_by: dict[str, set[str]]) -> None:
    every_rule = set().union(*broken_by.values())
    selective = [rules for rules in broken_by.values() if rules != every_rule]
    assert len(selective) >= 2, broken_by
