"""Where the rules are set, how often it is tried, and what is said where it cannot be done."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from labctl.cli import provisioning
from labctl.cli.context import Context
from labctl.docker_engine.config import container_config
from labctl.engine import HOST_NETWORK, ContainerSpec, Finished
from labctl.errors import UnhealthyError
from labctl.features.doctor.isolation_findings import examine_isolation
from labctl.features.isolation import ensure, ensure_isolation, find_isolation_gaps
from labctl.features.isolation.rules import SURVEY
from labctl.model import Network
from tests.unit.definitions import definition
from tests.unit.fake_engine import FakeEngine
from tests.unit.isolation.test_rules import ENGINE_20, SHUT

NO_ENGINE_HERE = "## iptables-nft\n## ip6tables-nft\n"
REMOTE = {"DOCKER_HOST": "tcp://engine.example:2376"}
LOCAL = {"DOCKER_HOST": "unix:///var/run/docker.sock"}


@dataclass
class Firewall:
    """What a survey sees at first, and after each time rules were set; the last one for ever."""

    states: list[str]
    was_set: list[str] = field(default_factory=list)
    floods_limited: list[bool] = field(default_factory=list)

    def run(self, argv: Sequence[str]) -> Finished:
        if argv[-1] == SURVEY:
            return Finished(0, self.states[min(len(self.was_set), len(self.states) - 1)])
        self.was_set.append(argv[-1])
        self.floods_limited.append("hashlimit" in argv[-2])
        return Finished(1, "iptables-restore: line 9 failed\n")


class Host(FakeEngine):
    """An Engine whose host's firewall is reached through a container."""

    def __init__(self, firewall: Firewall) -> None:
        super().__init__()
        self.firewall = firewall
        self.specs: list[ContainerSpec] = []
        self.create_network(HOST_NETWORK, Network(), {})

    def create(self, spec: ContainerSpec) -> str:
        self.specs.append(spec)
        return super().create(spec)

    def execute(self, container_id: str, argv: Sequence[str], **limits: Any) -> Finished:
        return self.firewall.run(argv)


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> Firewall:
    """This machine's own firewall, to be set by root."""
    firewall = Firewall([ENGINE_20, SHUT])
    monkeypatch.setattr(ensure, "run", firewall.run)
    monkeypatch.setattr("os.geteuid", lambda: 0)
    return firewall


def quiet(step: str) -> None:
    """Take steps and say nothing."""


def test_root_on_the_engines_machine_sets_rules_without_a_container(here: Firewall) -> None:
    told: list[str] = []
    host = Host(Firewall([SHUT]))
    ensure_isolation(host, definition(), told.append, LOCAL)
    assert here.was_set == ["iptables-nft", "ip6tables-nft"]
    assert host.specs == []
    assert told == ["shutting the labs in: firewall rules for IPv4 and IPv6"]


def test_isolation_that_stands_is_unchanged_in_silence(here: Firewall) -> None:
    here.states = [SHUT]
    told: list[str] = []
    ensure_isolation(Host(Firewall([SHUT])), definition(), told.append, LOCAL)
    assert here.was_set == []
    assert told == []


@pytest.mark.parametrize(
    "why", ["not root", "the Engine is on another machine", "the Engine is in a virtual machine"]
)
def test_others_set_rules_through_a_container_that_may_do_nothing_else(
    here: Firewall, monkeypatch: pytest.MonkeyPatch, why: str
) -> None:
    environ = REMOTE if "another" in why else LOCAL
    if why == "not root":
        monkeypatch.setattr("os.geteuid", lambda: 1000)
    if "virtual" in why:
        here.states = [NO_ENGINE_HERE]
    there = Firewall([ENGINE_20, ENGINE_20, SHUT])
    host = Host(there)
    ensure_isolation(host, definition(), quiet, environ)
    assert here.was_set == []
    assert there.was_set == ["iptables-nft", "ip6tables-nft"]
    assert host.containers({}) == []
    [spec] = host.specs
    config = container_config(spec)["HostConfig"]
    assert config["NetworkMode"] == "host"
    assert config["CapDrop"] == ["ALL"]
    assert config["CapAdd"] == ["NET_ADMIN", "NET_RAW"]
    assert config["ReadonlyRootfs"]
    assert config["AutoRemove"]
    assert config["SecurityOpt"] == ["no-new-privileges:true"]
    assert config["Mounts"] == []
    assert "NetworkingConfig" not in container_config(spec)


def test_who_is_disturbed_tries_again(here: Firewall) -> None:
    here.states = [ENGINE_20, ENGINE_20, ENGINE_20, SHUT]
    ensure_isolation(Host(Firewall([SHUT])), definition(), quiet, LOCAL)
    assert len(here.was_set) == 4


def test_what_cannot_be_set_is_told_with_the_programs_own_words(here: Firewall) -> None:
    here.states = [ENGINE_20]
    with pytest.raises(UnhealthyError) as caught:
        ensure_isolation(Host(Firewall([SHUT])), definition(), quiet, LOCAL)
    assert "the host and other labs can be reached" in caught.value.what
    assert "iptables-restore: line 9 failed" in caught.value.log
    assert len(here.was_set) == 2 * ensure.ATTEMPTS
    assert here.floods_limited == [True, True, True, True, False, False]


@pytest.mark.parametrize(
    ("labs", "environ", "raises"),
    [
        (["lab"], {}, False),
        (["ana"], {}, True),
        (["lab", "ana"], {}, True),
        (None, {}, True),
        (["ana"], {"LABCTL_OPEN_BORDERS": "1"}, False),
        (["ana"], {"LABCTL_OPEN_BORDERS": "0"}, True),
    ],
)
def test_no_lab_but_the_default_one_comes_up_without_isolation_unless_told_to(
    here: Firewall,
    capsys: pytest.CaptureFixture[str],
    labs: list[str] | None,
    environ: dict[str, str],
    raises: bool,
) -> None:
    here.states = [ENGINE_20]
    context = Context(None)
    vars(context).update(engine=Host(here), definition=definition())
    if raises:
        with pytest.raises(UnhealthyError) as caught:
            provisioning.isolate_labs(context, quiet, LOCAL | environ, labs)
        assert "LABCTL_OPEN_BORDERS=1" in caught.value.hint
    else:
        provisioning.isolate_labs(context, quiet, LOCAL | environ, labs)
        assert capsys.readouterr().err.startswith("warning: the labs cannot be isolated")


def test_the_doctor_changes_nothing_and_builds_nothing(here: Firewall) -> None:
    host = Host(Firewall([ENGINE_20]))
    finding = examine_isolation(host, definition(), LOCAL)
    assert (finding.ok, finding.hint) == (False, "labctl doctor --mend")
    assert "IPv4 and IPv6" in finding.what
    assert here.was_set == []
    steps = list(host.steps)
    assert find_isolation_gaps(host, definition(), REMOTE) is None
    assert not examine_isolation(host, definition(), REMOTE).ok
    assert host.steps == steps
    here.states = [SHUT]
    assert examine_isolation(host, definition(), LOCAL).ok
