"""Differences between two fingerprints, in the words a user reads."""

from dataclasses import replace

import pytest

from labctl.features.lifecycle.lab import lab_from
from labctl.features.verify.compare import find_differences
from labctl.features.verify.facts import shared_folders, without_subnets
from labctl.model import Mount
from tests.unit.definitions import definition

Facts = dict[str, dict[str, dict[str, str]]]

PRISTINE: Facts = {
    "process": {"python3 -m server": {"nice": "0", "Max open files": "1024 4096"}},
    "file": {"/tmp": {"mode": "1777"}},
    "socket": {"tcp6 [::]:7": {"count": "1"}},
    "ipc": {},
    "variable": {"LANG": {"value": "C.UTF-8"}},
    "network": {"interface eth0": {}},
}


def with_more(kind: str, name: str, **attributes: str) -> Facts:
    return {**PRISTINE, kind: {**PRISTINE[kind], name: attributes}}


@pytest.mark.parametrize(
    ("kind", "name", "told"),
    [
        ("process", "sleep 1000", "process 'sleep 1000' runs"),
        ("file", "/tmp/x", "file /tmp/x is there"),
        ("file", "/tmp/new\nline", "file '/tmp/new\\nline' is there"),
        ("file", "/tmp/\udcff", "file '/tmp/\\udcff' is there"),
        ("socket", "tcp 0.0.0.0:7000", "socket 'tcp 0.0.0.0:7000' listens"),
        ("ipc", "message queue 0x1", "message queue 0x1 is there"),
        ("variable", "LD_PRELOAD", "variable LD_PRELOAD is set"),
        ("network", "interface eth1", "interface eth1 is there"),
    ],
)
def test_what_is_there_too_much_is_named(kind: str, name: str, told: str) -> None:
    assert find_differences(PRISTINE, with_more(kind, name)) == (told,)


def test_what_is_missing_is_named() -> None:
    found: Facts = {**PRISTINE, "process": {}, "socket": {}}
    assert find_differences(PRISTINE, found) == (
        "process 'python3 -m server' does not run",
        "socket 'tcp6 [::]:7' does not listen",
    )


def test_what_is_otherwise_is_told_with_both_values() -> None:
    found = with_more("process", "python3 -m server", nice="5", **{"Max open files": "64 64"})
    assert find_differences(PRISTINE, found) == (
        "process 'python3 -m server': Max open files is 64 64 instead of 1024 4096",
        "process 'python3 -m server': nice is 5 instead of 0",
    )


def test_the_same_facts_do_not_differ() -> None:
    assert find_differences(PRISTINE, PRISTINE) == ()


def test_a_kind_that_only_one_side_tells_of_is_no_secret() -> None:
    assert find_differences({}, {"clock": {"skew": {}}}) == ("clock skew is there",)


def test_facts_of_two_labs_are_the_same_but_for_what_is_elsewhere() -> None:
    def facts(subnet: str, gateway: str) -> dict[str, dict[str, str]]:
        return {f"route {subnet}": {"gateway": "0.0.0.0"}, "route 0.0.0.0/0": {"gateway": gateway}}

    ana = without_subnets(facts("10.89.0.0/26", "10.89.0.1"), ("10.89.0.0/26", "fd6c::/64"))
    ben = without_subnets(facts("10.89.0.64/26", "10.89.0.65"), ("10.89.0.64/26", "fd6c:1::/64"))
    elsewhere = without_subnets(facts("10.89.0.64/26", "192.168.0.1"), ("10.89.0.64/26",))
    assert ana == ben
    assert ana != elsewhere


def test_a_lost_route_to_one_of_a_labs_subnets_is_not_hidden_by_the_others() -> None:
    both = without_subnets({"route 10.89.0.0/26": {}, "route fd6c::/64": {}}, ("10.89.0.0/26", "fd6c::/64"))
    one = without_subnets({"route fd6c::/64": {}}, ("10.89.0.0/26", "fd6c::/64"))
    told = find_differences({"network": both}, {"network": one})
    assert told == ("route the lab's IPv4 subnet is missing",)


def test_a_folder_is_shared_when_another_service_has_it_too() -> None:
    lab = lab_from(definition(), "ana", (), "lab-ana_default")
    [alpha, beta, tools] = lab.definition.services.values()
    mounts = (Mount("volume", "sockets", "/run/lab"), Mount("volume", "own", "/own"))
    services = {each.name: each for each in (replace(alpha, mounts=mounts), beta, tools)}
    alone = replace(lab, definition=replace(lab.definition, services=services))
    assert shared_folders(alone, services["alpha"]) == []
    services["beta"] = replace(beta, mounts=(Mount("volume", "sockets", "/elsewhere"),))
    assert shared_folders(alone, services["alpha"]) == ["/run/lab"]
