"""The toolbox's checks of names: each fails where the names are wrong.

No server of ours gives names, so no broken server can be put in its place. What the C library reads
can: here it reads a table of hosts (Docker's --add-host) in a container without any network, once a
right one and then wrong ones.
"""

import json
from collections.abc import Mapping

import pytest

from services.checking.registry import load_checks
from services.client.checks import ALIASES, UPPER
from tests.integration.labs import RunningLab, read_results

Hosts = Mapping[str, tuple[str, ...]]

TOOLBOX = "client"
TARGET = json.dumps([{"service": TOOLBOX, "host": TOOLBOX, "listens": []}])
SERVERS = ("echo", "static", "mail", *UPPER)
# What an address leads back to is its first name in the table, so the full names stand first.
FULL_NAMES: Hosts = {
    f"lab-{name}-1.lab_default": (f"10.0.0.{number}", f"fd00::{number}")
    for number, name in enumerate(SERVERS, start=2)
}
RIGHT: Hosts = {
    **FULL_NAMES,
    **{name: FULL_NAMES[f"lab-{name}-1.lab_default"] for name in SERVERS},
    **{alias: FULL_NAMES[f"lab-{name}-1.lab_default"] for alias, name in ALIASES.items()},
    "upper": tuple(address for name in UPPER for address in FULL_NAMES[f"lab-{name}-1.lab_default"]),
    TOOLBOX: ("127.0.0.1", "::1"),
}
WRONG: Mapping[str, Hosts] = {
    "an_alias_leads_elsewhere": {**RIGHT, "www": ("10.0.0.99", "fd00::99")},
    "an_alias_is_missing": {name: found for name, found in RIGHT.items() if name != "pop3"},
    "a_server_lacks_the_common_name": {**RIGHT, "upper": RIGHT["upper"][2:]},
    "one_name_one_address": {**RIGHT, "upper": RIGHT["upper"][:2]},
    "no_ipv6": {name: found[::2] for name, found in RIGHT.items()},
    "an_address_leads_to_another_name": {"wrong.lab_default": RIGHT["echo"], **RIGHT},
    "the_toolbox_is_somebody_else": {**RIGHT, TOOLBOX: ("10.0.0.99",)},
    "every_name_leads_somewhere": {**RIGHT, "nosuch": ("10.0.0.99",), "no.such": ("10.0.0.99",)},
}
NO_TABLE_OF_SERVICES = ["/dev/null:/etc/services:ro"]


def outcomes(lab: RunningLab, hosts: Hosts, volumes: list[str] | None = None) -> dict[str, str]:
    """Return the outcome of each of the toolbox's checks where the C library reads these tables."""
    said = lab.engine.containers.run(
        lab.container(TOOLBOX).image.id,
        ["python3", "-m", "services.checking", TARGET],
        remove=True,
        network_mode="none",
        hostname=TOOLBOX,
        extra_hosts=[f"{name}:{address}" for name, found in hosts.items() for address in found],
        dns=["127.0.0.1"],
        dns_opt=["timeout:1", "attempts:1"],
        volumes=volumes or [],
        labels={"com.docker.compose.project": lab.project, "com.docker.compose.oneoff": "True"},
    )
    return {each["check"]: each["outcome"] for each in read_results(said.decode())}


@pytest.fixture(scope="module")
def failed(lab: RunningLab) -> dict[str, set[str]]:
    """What each wrong table fails."""
    told = {variant: outcomes(lab, hosts) for variant, hosts in WRONG.items()}
    told["no_table_of_services"] = outcomes(lab, RIGHT, NO_TABLE_OF_SERVICES)
    return {
        variant: {check for check, outcome in found.items() if outcome == "failed"}
        for variant, found in told.items()
    }


def test_right_names_pass(lab: RunningLab) -> None:
    assert set(outcomes(lab, RIGHT).values()) == {"passed"}


def test_every_wrong_table_fails_a_check(failed: dict[str, set[str]]) -> None:
    assert [variant for variant, checks in failed.items() if not checks] == []


def test_every_check_fails_on_a_wrong_table(failed: dict[str, set[str]]) -> None:
    assert {each.name for each in load_checks(TOOLBOX)} == set().union(*failed.values())
