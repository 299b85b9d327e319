"""A lab's volumes are as the file says, also where the Engine was quicker and made them by itself."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from labctl import labels
from labctl.features.lifecycle.lab import lab_from, usual_network_name
from labctl.features.lifecycle.network import create_network
from labctl.features.lifecycle.up import bring_up
from labctl.features.lifecycle.volumes import ensure_volumes
from labctl.features.one_off import one_off_container
from labctl.model import Definition, Mount, Volume
from labctl.settings import USUAL, LabSettings
from tests.unit.definitions import definition
from tests.unit.fake_engine import FakeEngine

WORK, SOCKETS = "lab-ana_work", "lab-ana_sockets"
BY_FOLDER = LabSettings(work="/srv/ana", work_owner="7:7")
OF_COMPOSE = {labels.PROJECT: "lab-ana", labels.VOLUME: "sockets"}


def with_options() -> Definition:
    """Return a definition in which both volumes have options, and only one is a home."""
    whole = definition()
    volumes = {each: Volume(each, driver_opts={"type": "tmpfs"}) for each in ("work", "sockets")}
    alpha = replace(whole.services["alpha"], mounts=(Mount("volume", "sockets", "/run/lab"),))
    return replace(whole, volumes=volumes, services={**whole.services, "alpha": alpha})


def quiet(_step: str) -> None:
    """Tell nobody."""


def labelled(engine: FakeEngine) -> list[str]:
    return sorted(engine.volumes({labels.LAB: "ana", labels.PROJECT: "lab-ana", labels.VOLUME: None}))


def test_a_container_beside_the_toolbox_makes_the_volumes_as_up_does() -> None:
    engine = FakeEngine()
    lab = create_network(engine, with_options(), "ana")
    with one_off_container(engine, lab, "check"):
        assert labelled(engine) == [SOCKETS, WORK]


@pytest.mark.parametrize("settings", [USUAL, BY_FOLDER])
def test_up_makes_anew_what_the_engine_made_and_never_a_home(settings: LabSettings) -> None:
    engine = FakeEngine()
    for name in (WORK, SOCKETS):
        engine.create_volume(name, Volume(name), {})
    bring_up(engine, with_options(), "ana", progress=quiet, settings=settings)
    assert labelled(engine) == [SOCKETS]
    assert f"remove volume {WORK}" not in engine.steps


@pytest.mark.parametrize("own", [{}, OF_COMPOSE])
def test_a_volume_that_is_used_or_that_compose_made_is_left_alone(own: Mapping[str, str]) -> None:
    engine = FakeEngine()
    engine.create_volume(SOCKETS, Volume("sockets"), own)
    lab = lab_from(with_options(), "ana", (), usual_network_name("ana"))
    create_network(engine, with_options(), "ana")
    engine.create(lab.container_spec(lab.definition.services["alpha"], "sha256:s1"))
    ensure_volumes(engine, lab)
    assert SOCKETS in engine.volumes({})
    assert SOCKETS not in labelled(engine)
