"""A lab's own settings: applied to the definition, kept as a label, and found again without a roster."""

from dataclasses import replace

from labctl import labels
from labctl.features.lifecycle.lab import lab_from
from labctl.features.lifecycle.state import read_state
from labctl.features.lifecycle.status import read_statuses
from labctl.features.lifecycle.up import UpReport, bring_up
from labctl.model import Definition, Mount
from labctl.settings import USUAL, LabSettings
from tests.unit.definitions import definition
from tests.unit.fake_engine import FakeEngine

OURS = LabSettings(services=("alpha",), mem_limit_bytes=48 << 20, work="/srv/ana", work_owner="1000:1000")


def with_work() -> Definition:
    whole = definition()
    tools = whole.services["tools"]
    tools = replace(tools, labels={**tools.labels, "lab.work": "/home/student"}, mem_limit_bytes=32 << 20)
    return replace(whole, services={**whole.services, "tools": tools})


def up(engine: FakeEngine, settings: LabSettings | None = None) -> UpReport:
    return bring_up(engine, with_work(), "ana", progress=lambda step: None, settings=settings)


def test_a_label_gives_the_settings_back() -> None:
    assert LabSettings.from_label(OURS.as_label()) == OURS
    assert USUAL.as_label() == "{}"
    assert LabSettings(mem_limit_bytes=7).as_label() == '{"mem_limit_octets": 7}'  # as existing labs have it
    assert LabSettings.from_label('{"mem_limit_octets": 7}') == LabSettings(mem_limit_bytes=7)
    assert LabSettings.from_label('{"cpus": 0.5, "of_a_later_version": 1}') == LabSettings(cpus=0.5)


def test_settings_are_applied_and_never_raise_a_limit() -> None:
    services = lab_from(with_work(), "ana", (), "net", OURS).definition.services
    assert set(services) == {"alpha", "tools"}
    assert services["alpha"].mem_limit_bytes == 48 << 20
    assert services["tools"].mem_limit_bytes == 32 << 20
    assert services["tools"].mounts == (Mount("bind", "/srv/ana", "/home/student"),)
    assert services["tools"].user == "1000:1000"


def test_a_later_up_without_a_roster_makes_the_same_lab() -> None:
    engine = FakeEngine()
    up(engine, OURS)
    before = list(engine.steps)
    assert set(up(engine).kept) == {"alpha", "tools"}
    assert engine.steps == before
    for container in read_state(engine, "ana").containers:
        engine.remove(container.id)
    assert set(up(engine).made) == {"alpha", "tools"}


def test_other_settings_remake_only_what_they_concern() -> None:
    engine = FakeEngine()
    up(engine, replace(OURS, services=()))
    report = up(engine, replace(OURS, services=("beta",)))
    assert set(report.made) == {"tools"}  # it keeps the settings
    assert set(report.removed) == {"lab-ana-alpha-1"}
    assert report.kept == ("beta",)
    state = read_state(engine, "ana")
    assert {each.labels[labels.SERVICE] for each in state.containers} == {"beta", "tools"}
    assert state.settings.services == ("beta",)


def test_choices_that_were_taken_back_do_not_come_alive_again() -> None:
    engine = FakeEngine()
    up(engine, OURS)
    up(engine, USUAL)
    assert set(up(engine).kept) == {"alpha", "beta", "tools"}
    [status] = read_statuses(engine, with_work(), ["ana"])
    assert [row.service for row in status.services] == ["alpha", "beta", "tools"]


def test_the_toolbox_of_an_earlier_labctl_says_nothing_where_nothing_was_chosen() -> None:
    engine = FakeEngine()
    up(engine, OURS)
    whole = read_state(engine, "ana")
    said = [{**each.labels} for each in whole.containers]
    for each in said:
        each.pop(labels.SETTINGS, None)
    told = [replace(each, labels=own) for each, own in zip(whole.containers, said, strict=True)]
    assert replace(whole, containers=tuple(told), home_folder=None).settings == USUAL
    assert replace(whole, containers=()).settings == OURS


def test_a_lab_of_few_services_is_healthy_with_these() -> None:
    engine = FakeEngine()
    up(engine, OURS)
    [status] = read_statuses(engine, with_work(), ["ana"])
    assert [row.service for row in status.services] == ["alpha", "tools"]
    assert status.is_healthy
