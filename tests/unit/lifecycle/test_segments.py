"""Labs of several networks: each with subnets and a bridge of its own; services on one or more."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from labctl import labels
from labctl.engine import Finished
from labctl.features.lifecycle import network
from labctl.features.lifecycle.down import take_down
from labctl.features.lifecycle.lab import BRIDGE_NAME, BRIDGE_PREFIX, lab_from, usual_network_name
from labctl.features.lifecycle.state import read_state
from labctl.features.lifecycle.status import read_statuses
from labctl.features.lifecycle.up import UpReport, bring_up
from labctl.features.one_off import find_running_lab, one_off_container
from labctl.model import Definition, Healthcheck, Network
from tests.unit.definitions import definition
from tests.unit.fake_engine import Crash, FakeEngine


@pytest.fixture(autouse=True)
def no_routes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network, "read_routes", list)


def with_a_router() -> Definition:
    """The toolbox on `lan`, a server on `wan`, a router between."""
    made = definition("router", "far")
    services = dict(made.services)
    services["tools"] = replace(services["tools"], network="lan")
    services["router"] = replace(services["router"], network="lan", more_networks={"wan": ("gw",)})
    services["far"] = replace(services["far"], network="wan", healthcheck=Healthcheck(("CMD", "is-healthy")))
    lan, wan = Network(enable_ipv6=True), Network(enable_ipv6=True, internal=True)
    return replace(made, services=services, network=lan, network_key="lan", more_networks={"wan": wan})


def up(engine: FakeEngine, name: str = "ana", what: Definition | None = None) -> UpReport:
    return bring_up(engine, what or with_a_router(), name, progress=lambda _: None, ready_timeout_s=0.2)


def addresses(engine: FakeEngine, name: str = "ana") -> dict[str, set[str]]:
    return {each.labels[labels.SERVICE]: {*each.addresses} for each in read_state(engine, name).containers}


def test_each_network_is_created_and_each_service_is_on_its_own() -> None:
    engine = FakeEngine()
    report = up(engine)
    assert {each.name for each in engine.networks()} == {"lab-ana_lan", "lab-ana_wan"}
    both = {"lab-ana_lan", "lab-ana_wan"}
    assert addresses(engine) == {"tools": {"lab-ana_lan"}, "router": both, "far": {"lab-ana_wan"}}
    (router,) = read_state(engine, "ana").of_service("router")
    assert engine.spec(router.id).more_networks == {"lab-ana_wan": ("gw",)}
    assert len(report.lab.subnets) == len(set(report.lab.subnets)) == 4


def test_each_network_of_each_lab_has_a_bridge_that_the_firewall_rules_are_for() -> None:
    segments = [
        segment
        for name in ("lab", "ana", "ben")
        for segment in lab_from(with_a_router(), name, (), usual_network_name(name, "lan")).segments.values()
    ]
    bridges = [each.network.driver_opts[BRIDGE_NAME] for each in segments]
    assert len(set(bridges)) == 6
    assert all(each.startswith(BRIDGE_PREFIX) and len(each) <= 15 for each in bridges)
    assert [each.network.internal for each in segments] == [False, True] + [True] * 4


def test_a_bridge_that_the_firewall_rules_are_not_for_is_not_used() -> None:
    made = definition()
    for given, kept in (("lab-mine", True), ("docker0", False)):
        asked = replace(made.network, driver_opts={BRIDGE_NAME: given})
        own = lab_from(replace(made, network=asked), "lab", (), usual_network_name("lab"))
        assert (own.definition.network.driver_opts[BRIDGE_NAME] == given) is kept


def test_a_second_up_changes_nothing_and_labs_share_no_subnet() -> None:
    engine = FakeEngine()
    first = up(engine)
    before = list(engine.steps)
    assert not up(engine).made
    assert engine.steps == before
    second = up(engine, "ben")
    assert not {*first.lab.subnets} & {*second.lab.subnets}


def test_a_changed_segment_has_the_lab_created_anew() -> None:
    engine = FakeEngine()
    up(engine)
    what = with_a_router()
    what = replace(what, more_networks={"wan": replace(what.more_networks["wan"], labels={"x": "y"})})
    assert set(up(engine, what=what).recreated) == {"tools", "router", "far"}
    assert len(engine.networks()) == 2


def test_up_after_a_crash_at_any_step_converges() -> None:
    whole = FakeEngine()
    up(whole)
    for step in range(len(whole.steps)):
        engine = FakeEngine(crash_at=step)
        with pytest.raises(Crash):
            up(engine)
        engine.recover()
        up(engine)
        assert addresses(engine) == addresses(whole)
        assert len(engine.networks()) == 2


def test_a_container_that_lost_one_of_its_networks_is_recreated() -> None:
    engine = FakeEngine()
    up(engine)
    (router,) = read_state(engine, "ana").of_service("router")
    engine._containers[router.id] = replace(router, addresses={"lab-ana_lan": ("10.89.0.9", "")})
    assert up(engine).recreated == {"router": "it is not connected to lab-ana_wan"}


class Unhealthy(FakeEngine):
    """Health checks fail, in `broken` alone."""

    broken = False
    probed: list[str]

    def execute(self, container_id: str, argv: Sequence[str], **limits: Any) -> Finished:
        if argv[0] == "is-healthy":
            assert self._containers[container_id].labels[labels.SERVICE] == "far"
            return Finished(int(self.broken), "no database")
        self.probed = [each.partition("@")[0] for each in argv if "@" in each]
        return super().execute(container_id, argv, **limits)


def test_a_service_without_a_name_in_the_toolbox_is_asked_by_its_own_health_check() -> None:
    engine = Unhealthy()
    up(engine)
    assert engine.probed == ["router"]
    engine.broken = True
    with pytest.raises(Exception, match="1 of the lab's services do not answer") as caught:
        up(engine)
    assert "far (lab-ana-far-1, Up 1 second): no database" in getattr(caught.value, "log", "")


def test_a_one_off_container_is_on_the_toolboxs_networks() -> None:
    engine, what = FakeEngine(), with_a_router()
    both = replace(what.services["tools"], more_networks={"wan": ("name",)})
    what = replace(what, services={**what.services, "tools": both})
    up(engine, what=what)
    with one_off_container(engine, find_running_lab(engine, what, "ana"), "check") as container_id:
        spec = engine.spec(container_id)
        assert (spec.network, spec.more_networks) == ("lab-ana_lan", {"lab-ana_wan": ()})


def test_down_removes_all_networks() -> None:
    engine = FakeEngine()
    up(engine)
    assert take_down(engine, "ana", progress=lambda _: None).networks == 2
    assert engine.networks() == []


def test_status_shows_the_address_on_a_services_first_network() -> None:
    engine = FakeEngine()
    up(engine)
    (router,) = read_state(engine, "ana").of_service("router")
    on = {"lab-ana_wan": ("10.0.0.2", ""), "lab-ana_lan": ("10.0.1.2", "")}
    engine._containers[router.id] = replace(router, addresses=on)
    (status,) = read_statuses(engine, with_a_router(), ["ana"])
    assert {row.service: row.ipv4 for row in status.services}["router"] == "10.0.1.2"


def test_subnets_that_the_file_asks_for_are_kept_for_the_network_that_asks() -> None:
    what = with_a_router()
    asked = ("10.89.0.0/26", "fd6c:6162::/64")
    what = replace(what, more_networks={"wan": replace(what.more_networks["wan"], subnets=asked)})
    engine = FakeEngine()
    up(engine, "lab", what)
    assert {each.name: each.subnets for each in engine.networks()}["lab_wan"] == asked
