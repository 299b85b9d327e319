"""`up`: what is missing is created, what is broken recreated, what runs well unchanged."""

import time
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from labctl import labels
from labctl.cli.context import Context
from labctl.cli.down_verb import command
from labctl.engine import Finished
from labctl.errors import UnhealthyError
from labctl.features.lifecycle.down import take_down
from labctl.features.lifecycle.images import CheckoutImage, read_checkout_images
from labctl.features.lifecycle.ownership import read_lab_names
from labctl.features.lifecycle.reset import reset
from labctl.features.lifecycle.state import read_state
from labctl.features.lifecycle.up import UpReport, bring_up, plan_bring_up
from labctl.features.one_off import find_running_lab, one_off_container
from labctl.model import Build
from tests.unit.definitions import definition
from tests.unit.fake_engine import Crash, FakeEngine

SERVICES = {"alpha", "beta", "tools"}


def up(engine: FakeEngine, name: str = "lab") -> UpReport:
    return bring_up(engine, definition(), name, progress=lambda step: None, ready_timeout_s=0.2)


def ids(engine: FakeEngine, lab: str = "lab") -> dict[str, str]:
    return {each.labels[labels.SERVICE]: each.id for each in read_state(engine, lab).containers}


def assert_right(engine: FakeEngine, lab: str = "lab") -> None:
    state = read_state(engine, lab)
    assert sorted(each.labels[labels.SERVICE] for each in state.containers) == sorted(SERVICES)
    assert {each.state for each in state.containers} == {"running"}
    assert len(state.networks) == 1


def test_up_on_nothing_makes_every_service() -> None:
    engine = FakeEngine()
    report = up(engine)
    assert set(report.made) == SERVICES
    assert_right(engine)


def test_a_second_up_changes_nothing() -> None:
    engine = FakeEngine()
    up(engine)
    before = list(engine.steps)
    report = up(engine)
    assert engine.steps == before
    assert set(report.kept) == SERVICES


@pytest.mark.parametrize(
    "harm",
    [
        pytest.param(lambda engine, id_: engine.kill(id_, "KILL"), id="killed"),
        pytest.param(lambda engine, id_: engine.remove(id_), id="removed"),
        pytest.param(lambda engine, id_: engine.disconnect_all(id_), id="disconnected"),
    ],
)
def test_only_the_harmed_service_is_made_anew(harm: Callable[[FakeEngine, str], None]) -> None:
    engine = FakeEngine()
    up(engine)
    before = ids(engine)
    harm(engine, before["beta"])
    report = up(engine)
    assert set(report.made) == {"beta"}
    after = ids(engine)
    assert after.pop("beta") != before.pop("beta")
    assert after == before
    assert_right(engine)


class SlowlyStarting(FakeEngine):
    """Takes its time to start a container, and keeps whom a probe asked before it had started."""

    def __init__(self) -> None:
        super().__init__()
        self.asked_too_early: set[str] = set()

    def start(self, container_id: str) -> None:
        time.sleep(0.02)
        super().start(container_id)

    def execute(self, container_id: str, argv: Sequence[str], **limits: Any) -> Finished:
        running = {each.labels[labels.SERVICE] for each in self.containers({}) if each.state == "running"}
        asked = {question.partition("@")[0] for question in argv if "@" in question}
        self.asked_too_early |= asked - running
        return super().execute(container_id, argv, **limits)


def test_nobody_is_asked_before_the_container_has_started() -> None:
    engine = SlowlyStarting()
    up(engine)
    assert engine.asked_too_early == set()


def upgraded(engine: FakeEngine, *, upgrade: bool) -> UpReport:
    images = read_checkout_images(engine, definition(), {})
    return bring_up(
        engine,
        definition(),
        "lab",
        progress=lambda step: None,
        images=images,
        upgrade=upgrade,
        ready_timeout_s=0.2,
    )


def images_of(engine: FakeEngine) -> dict[str, str]:
    return read_state(engine, "lab").images


def test_a_container_of_an_older_image_is_kept_and_said_until_upgrade() -> None:
    engine = FakeEngine()
    up(engine)
    engine.images["server"] = "sha256:s2"
    kept = upgraded(engine, upgrade=False)
    assert (dict(kept.made), kept.outdated) == ({}, ("alpha", "beta"))
    taken = upgraded(engine, upgrade=True)
    assert set(taken.recreated) == {"alpha", "beta"}
    assert taken.outdated == ()
    assert_right(engine)
    assert images_of(engine)["alpha"] == "sha256:s2"


def test_what_is_recreated_as_it_was_broken_keeps_the_labs_image() -> None:
    engine = FakeEngine()
    up(engine)
    engine.images["server"] = "sha256:s2"
    engine.kill(ids(engine)["beta"], "KILL")
    report = upgraded(engine, upgrade=False)
    assert set(report.recreated) == {"beta"}
    assert images_of(engine)["beta"] == "sha256:s1"
    reset(engine, definition(), "lab", progress=lambda step: None, hard=True)
    assert set(images_of(engine).values()) == {"sha256:s1", "sha256:c1"}


def test_a_container_beside_the_toolbox_is_of_the_labs_image() -> None:
    engine = FakeEngine()
    up(engine)
    engine.images["client"] = "sha256:c2"
    lab = find_running_lab(engine, definition(), "lab")
    with one_off_container(engine, lab, "check") as container_id:
        [made] = [each for each in engine.containers({}) if each.id == container_id]
    assert made.image_id == "sha256:c1"


def test_labs_of_two_checkouts_recreate_nothing_of_each_other(tmp_path: Path) -> None:
    engine = FakeEngine()
    files = [definition(), definition("alpha", "beta", "gamma")]
    for number, each in enumerate(files):
        path = tmp_path / str(number) / "compose.yaml"
        path.parent.mkdir()
        path.touch()
        build = Build(path.parent, target=str(number))
        services = {name: replace(service, build=build) for name, service in each.services.items()}
        files[number] = replace(each, path=path, services=services)
    before: dict[str, str] = {}
    for turn in range(10):
        newest = {"server": f"sha256:s{turn % 2}", "client": f"sha256:c{turn % 2}"}
        engine.images |= {image_id: image_id for image_id in newest.values()}
        images = {name: CheckoutImage(image_id, image_id) for name, image_id in newest.items()}
        bring_up(engine, files[turn % 2], "lab", progress=lambda step: None, images=images)
        if turn > 0:
            assert ids(engine) == (before or ids(engine))
            before = ids(engine)
    assert set(before) == {"alpha", "beta", "gamma", "tools"}
    files[1].path.unlink()  # that checkout is gone, and so is what only it knew of
    report = bring_up(engine, files[0], "lab", progress=lambda step: None)
    assert set(report.removed) == {"lab-gamma-1"}


@pytest.mark.parametrize("upgrade", [False, True])
def test_a_plan_is_what_up_then_does_and_changes_nothing(upgrade: bool) -> None:
    engine = FakeEngine()
    up(engine)
    engine.images["server"] = "sha256:s2"
    engine.remove(ids(engine)["beta"])
    steps = list(engine.steps)
    images = read_checkout_images(engine, definition(), {})
    plan = plan_bring_up(engine, definition(), "lab", images=images, upgrade=upgrade)
    assert engine.steps == steps
    done = upgraded(engine, upgrade=upgrade)
    assert (plan.created, plan.recreated, plan.kept) == (done.created, done.recreated, done.kept)
    assert (set(plan.created), set(plan.recreated)) == ({"beta"}, {"alpha"} if upgrade else set())


def test_a_plan_on_another_network_recreates_all() -> None:
    engine = FakeEngine()
    up(engine)
    newer = definition()
    newer = replace(newer, network=replace(newer.network, driver_opts={"mtu": "1400"}))
    images = read_checkout_images(engine, newer, {})
    plan = plan_bring_up(engine, newer, "lab", images=images)
    assert set(plan.recreated) == SERVICES
    done = bring_up(engine, newer, "lab", progress=lambda step: None, images=images)
    assert (done.recreated, done.created) == (plan.recreated, {})


def test_a_container_of_an_older_definition_is_made_anew() -> None:
    engine = FakeEngine()
    up(engine)
    newer = definition()
    changed = replace(newer.services["alpha"], mem_limit_bytes=1 << 26)
    newer = replace(newer, services={**newer.services, "alpha": changed})
    report = bring_up(engine, newer, "lab", progress=lambda step: None)
    assert set(report.made) == {"alpha"}


def test_a_definition_that_only_moved_in_the_file_changes_nothing() -> None:
    engine = FakeEngine()
    up(engine)
    moved = definition()
    services = {name: replace(each, line=each.line + 5) for name, each in moved.services.items()}
    report = bring_up(engine, replace(moved, services=services), "lab", progress=lambda step: None)
    assert not report.made


def test_a_network_of_another_definition_is_made_anew_with_all_on_it() -> None:
    engine = FakeEngine()
    up(engine)
    newer = definition()
    newer = replace(newer, network=replace(newer.network, driver_opts={"mtu": "1400"}))
    report = bring_up(engine, newer, "lab", progress=lambda step: None)
    assert set(report.made) == SERVICES
    assert_right(engine)


def test_a_lab_moves_to_the_subnets_that_the_file_asks_for_now() -> None:
    engine = FakeEngine()
    up(engine)
    subnets = ("10.99.0.0/26", "fd6c:6199::/64")
    newer = definition()
    newer = replace(newer, network=replace(newer.network, subnets=subnets))
    report = bring_up(engine, newer, "lab", progress=lambda step: None)
    assert report.lab.definition.network.subnets == subnets
    assert set(report.made) == SERVICES
    assert_right(engine)


def test_a_lab_that_had_to_take_other_subnets_stays_there() -> None:
    engine = FakeEngine()
    engine.create_network("vpn", definition().network, {})
    moved = up(engine).lab.definition.network.subnets
    assert not set(moved) & set(definition().network.subnets)
    [vpn] = [each for each in engine.networks() if each.name == "vpn"]
    engine.remove_network(vpn.id)
    again = up(engine)
    assert not again.made
    assert again.lab.definition.network.subnets == moved


def test_a_network_the_engine_will_not_let_go_of_is_left_and_another_name_used() -> None:
    engine = FakeEngine()
    up(engine)
    [network] = engine.networks()
    engine.stuck_networks.add(network.id)
    newer = definition()
    newer = replace(newer, network=replace(newer.network, driver_opts={"mtu": "1400"}))
    told: list[str] = []
    report = bring_up(engine, newer, "lab", progress=told.append)
    assert report.lab.network_name == "lab_default-1"
    assert not set(report.lab.definition.network.subnets) & set(network.subnets)
    assert any("stays behind" in step for step in told)


def stuck(engine: FakeEngine) -> str:
    """Have the Engine let go of no network that is there now; return the one's name."""
    [network] = engine.networks()
    engine.stuck_networks.add(network.id)
    return network.name


def test_a_lab_that_runs_is_found_on_the_network_it_is_on() -> None:
    engine = FakeEngine()
    up(engine)
    stuck(engine)
    newer = definition()
    newer = replace(newer, network=replace(newer.network, driver_opts={"mtu": "1400"}))
    bring_up(engine, newer, "lab", progress=lambda step: None)
    assert find_running_lab(engine, newer, "lab").network_name == "lab_default-1"


def test_down_tells_of_a_network_that_stays() -> None:
    engine = FakeEngine()
    up(engine)
    name = stuck(engine)
    report = take_down(engine, "lab", progress=lambda step: None)
    assert (report.networks, report.networks_left) == (0, (name,))


@pytest.mark.parametrize("more", [[], ["--json"]])
def test_what_stays_is_in_downs_result_and_exit_code(
    more: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("labctl.cli.each_lab.lab_lock", lambda *_, **__: nullcontext())
    engine = FakeEngine()
    up(engine)
    name = stuck(engine)
    context = Context(definition().path)
    context.__dict__["engine"] = engine
    result = CliRunner().invoke(command, more, obj=context, standalone_mode=False)
    assert result.return_value == 1
    assert name in result.stdout
    engine.stuck_networks.clear()
    assert CliRunner().invoke(command, more, obj=context, standalone_mode=False).return_value == 0


def test_a_service_that_runs_but_does_not_answer_is_made_anew() -> None:
    engine = FakeEngine()
    up(engine)
    engine.silent.add("alpha")
    with pytest.raises(UnhealthyError) as caught:
        up(engine)
    assert "alpha" in caught.value.log
    assert "a line of its log" in caught.value.log
    assert caught.value.exit_code == 1
    engine.silent.clear()
    assert_right(engine)


def test_up_after_a_crash_at_any_step_converges() -> None:
    whole = FakeEngine()
    up(whole)
    for step in range(len(whole.steps)):
        engine = FakeEngine(crash_at=step)
        with pytest.raises(Crash):
            up(engine)
        engine.recover()
        up(engine)
        assert_right(engine)


def test_down_after_a_crash_at_any_step_of_up_leaves_nothing() -> None:
    whole = FakeEngine()
    up(whole)
    for step in range(len(whole.steps)):
        engine = FakeEngine(crash_at=step)
        with pytest.raises(Crash):
            up(engine)
        engine.recover()
        take_down(engine, "lab", discard_work_of=definition(), progress=lambda step: None)
        assert not read_state(engine, "lab").is_there
        assert engine.volumes({}) == []


def test_down_keeps_the_work_unless_told_otherwise() -> None:
    engine = FakeEngine()
    up(engine)
    take_down(engine, "lab", progress=lambda step: None)
    assert engine.volumes({}) == ["lab_work"]
    take_down(engine, "lab", discard_work_of=definition(), progress=lambda step: None)
    assert engine.volumes({}) == []


def test_labs_have_networks_and_subnets_of_their_own() -> None:
    engine = FakeEngine()
    reports = [up(engine, name) for name in ("lab", "ana", "ben")]
    assert [each.lab.project for each in reports] == ["lab", "lab-ana", "lab-ben"]
    subnets = [subnet for each in reports for subnet in each.lab.definition.network.subnets]
    assert len(set(subnets)) == 6
    assert read_lab_names(engine, None) == ["ana", "ben", "lab"]


def test_only_the_default_lab_publishes_ports() -> None:
    engine = FakeEngine()
    assert up(engine).lab.definition.services["alpha"].ports
    other = up(engine, "ana").lab.definition
    assert not other.services["alpha"].ports
    assert other.network.internal
