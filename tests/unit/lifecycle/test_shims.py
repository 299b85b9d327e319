"""Which containers share a shim: those made in one go, spread over a few."""

from collections import Counter
from dataclasses import replace

from labctl.docker_engine.config import container_config
from labctl.engine import ContainerSpec
from labctl.features.lifecycle.shims import SHIMS, share_shims
from labctl.features.lifecycle.state import read_state
from labctl.features.lifecycle.up import bring_up
from tests.unit.definitions import definition
from tests.unit.fake_engine import FakeEngine


def specs(number: int) -> list[ContainerSpec]:
    service = definition().services["alpha"]
    return [ContainerSpec(f"lab-{each}-1", service, "lab_default", {}, {}) for each in range(number)]


def shims(engine: FakeEngine) -> dict[str, str | None]:
    specs = [engine.spec(each.id) for each in read_state(engine, "ana").containers]
    return {each.service.name: each.shim for each in specs}


def test_a_labs_containers_are_spread_evenly_over_few_shims() -> None:
    sizes = Counter(each.shim for each in share_shims(specs(8 * SHIMS)))
    assert list(sizes.values()) == [8] * SHIMS


def test_all_else_of_a_container_stays_as_it_was() -> None:
    before = specs(4)
    after = share_shims(before)
    assert [replace(each, shim=None) for each in after] == before


def test_who_comes_later_never_joins_an_older_shim() -> None:
    engine = FakeEngine()
    bring_up(engine, definition(), "ana", progress=lambda step: None)
    before = shims(engine)
    bring_up(engine, definition(), "ana", progress=lambda step: None, force={"alpha": "asked for"})
    after = shims(engine)
    assert None not in before.values()
    assert after.pop("alpha") not in before.values()
    assert after.items() <= before.items()


def test_the_engine_is_told_by_the_annotation_that_containerd_looks_for() -> None:
    [alone] = specs(1)
    [sharing] = share_shims([alone])
    assert "Annotations" not in container_config(alone)["HostConfig"]
    told = container_config(sharing)["HostConfig"]["Annotations"]
    assert told == {"io.containerd.runc.v2.group": sharing.shim}
