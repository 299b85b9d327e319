"""How many containers there will be, of which a class's warning of limits speaks."""

from labctl.features.lifecycle.counting import count_containers
from labctl.features.lifecycle.up import bring_up
from labctl.features.one_off import find_running_lab, one_off_container
from labctl.settings import LabSettings
from tests.unit.definitions import definition
from tests.unit.fake_engine import FakeEngine

ALPHA = frozenset({"alpha"})


def up(engine: FakeEngine, lab: str, services: frozenset[str] | None = None) -> None:
    bring_up(engine, definition(), lab, progress=lambda _: None, services=services)


def count(engine: FakeEngine, *labs: str, services: frozenset[str] | None = None) -> int:
    return count_containers(engine, definition(), dict.fromkeys(labs), services)


def test_what_is_asked_for_comes_with_the_toolbox() -> None:
    assert count(FakeEngine(), "ana", "ben") == 2 * 3
    assert count(FakeEngine(), "ana", "ben", services=ALPHA) == 2 * 2


def test_what_runs_already_counts() -> None:
    engine = FakeEngine()
    up(engine, "ana")
    up(engine, "cleo", ALPHA)
    assert count(engine, "ana", "ben", services=ALPHA) == 3 + 2 + 2
    lab = find_running_lab(engine, definition(), "ana")
    with one_off_container(engine, lab, "run"):
        assert count(engine, "ana") == 3 + 1 + 2


def test_a_lab_is_counted_with_what_it_is_to_have() -> None:
    engine = FakeEngine()
    up(engine, "ana", ALPHA)
    assert count(engine, "ana", "ben") == 2 + 3
    few = LabSettings(services=("alpha",))
    assert count_containers(engine, definition(), {"ana": None, "ben": few}, None) == 2 + 2
