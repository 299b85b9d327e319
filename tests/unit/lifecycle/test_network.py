"""Making networks: several at once, and beside those we do not see."""

import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

import pytest

from labctl.engine import ExistingNetwork
from labctl.errors import EngineError
from labctl.features.lifecycle import network
from labctl.features.lifecycle.network import create_network
from labctl.model import Network
from tests.unit.definitions import definition
from tests.unit.fake_engine import FakeEngine


class WatchfulEngine(FakeEngine):
    """A fake that takes a moment to make a network, has subnets nobody sees, and counts refusals."""

    refused = 0
    hidden: frozenset[str] = frozenset()
    others = 0  # networks that somebody without our lock makes, each just before we do

    def create_network(self, name: str, network: Network, labels: Mapping[str, str]) -> None:
        time.sleep(0.01)
        if self.others:
            self.others -= 1
            self._networks[f"other{self.others}"] = ExistingNetwork("o", f"o{self.others}", network.subnets)
        try:
            if self.hidden & set(network.subnets):
                raise EngineError("create", log="Pool overlaps with other one on this address space")
            super().create_network(name, network, labels)
        except EngineError:
            self.refused += 1
            raise


@pytest.fixture(autouse=True)
def no_routes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network, "read_routes", list)


def test_many_at_once_are_made_one_after_another() -> None:
    engine = WatchfulEngine()
    names = [f"s{number}" for number in range(8)]
    with ThreadPoolExecutor(len(names)) as pool:
        labs = list(pool.map(lambda name: create_network(engine, definition(), name), names))
    assert len({lab.definition.network.subnets for lab in labs}) == len(names)
    assert engine.refused == 0


def test_those_who_are_faster_do_not_count() -> None:
    engine = WatchfulEngine()
    engine.others = 3 * network.ATTEMPTS
    create_network(engine, definition(), "ana")
    assert engine.refused == 3 * network.ATTEMPTS


def test_subnets_nobody_sees_are_left_alone_and_tried_only_so_often() -> None:
    engine = WatchfulEngine()
    engine.hidden = frozenset({"10.89.0.0/26"})
    lab = create_network(engine, definition(), "lab")
    assert lab.definition.network.subnets[0] != "10.89.0.0/26"
    assert engine.refused == 1
    engine.hidden = frozenset(
        f"10.89.{third}.{last}/26" for third in range(256) for last in (0, 64, 128, 192)
    )
    with pytest.raises(EngineError, match="create"):
        create_network(engine, definition(), "ana")
    assert engine.refused == 1 + network.ATTEMPTS
