"""Whose a project is: a lab's, or somebody's own that is called as labs are."""

from dataclasses import replace
from pathlib import Path

import pytest

from labctl import labels
from labctl.cli.context import Context
from labctl.cli.options import ALL
from labctl.errors import InputError
from labctl.features.lifecycle.down import take_down
from labctl.features.lifecycle.lab import Lab, usual_network_name
from labctl.features.lifecycle.ownership import read_lab_names
from labctl.features.lifecycle.reset import reset
from labctl.features.lifecycle.state import read_state
from labctl.features.lifecycle.up import bring_up
from labctl.features.work.discard import discard_work
from labctl.features.work.restore import restore
from labctl.model import Network
from tests.unit.definitions import definition
from tests.unit.fake_engine import FakeEngine

OURS = definition().path
THEIRS = Path("/home/eve/shop/docker-compose.yml")


def quiet(_step: str) -> None:
    """Tell nobody."""


def compose_up(engine: FakeEngine, name: str, file: Path, *more_files: str) -> None:
    """Make a network and a container as Compose does, from a file that may be somebody else's."""
    lab = Lab(name, definition(), usual_network_name(name))
    project = {labels.PROJECT: lab.project}
    subnet = f"10.1.{len(engine.networks())}.0/24"
    engine.create_network(
        lab.network_name, Network(subnets=(subnet,)), {**project, labels.NETWORK: "default"}
    )
    spec = lab.container_spec(lab.definition.services["alpha"], "sha256:s1")
    own = {
        **project,
        labels.SERVICE: "alpha",
        labels.ONEOFF: "False",
        labels.CONFIG_FILES: ",".join([str(file), *more_files]),
        labels.WORKING_DIR: str(file.parent),
    }
    engine.start(engine.create(replace(spec, labels=own)))


@pytest.fixture
def engine() -> FakeEngine:
    engine = FakeEngine()
    bring_up(engine, definition(), "ana", progress=quiet)
    return engine


@pytest.mark.parametrize("name", ["lab", "3"])
def test_a_project_from_another_file_is_no_lab_and_is_left_alone(engine: FakeEngine, name: str) -> None:
    compose_up(engine, name, THEIRS)
    assert read_lab_names(engine, OURS) == ["ana"]
    before = list(engine.steps)
    with pytest.raises(InputError, match="no lab of") as caught:
        take_down(engine, name, progress=quiet, file=OURS, discard_work_of=definition())
    assert str(THEIRS.parent) in caught.value.render()
    for work in (
        lambda: bring_up(engine, definition(), name, progress=quiet),
        lambda: reset(engine, definition(), name, progress=quiet),
        lambda: discard_work(engine, definition(), name, progress=quiet),
        lambda: restore(engine, definition(), name, Path("any.tar"), progress=quiet),
    ):
        with pytest.raises(InputError, match="no lab of"):
            work()
    assert engine.steps == before


def test_a_network_of_which_nobody_knows_who_made_it_is_left_alone(engine: FakeEngine) -> None:
    engine.create_network("lab-3_default", Network(subnets=("10.1.0.0/24",)), {labels.PROJECT: "lab-3"})
    assert read_lab_names(engine, OURS) == ["ana"]
    with pytest.raises(InputError, match="no lab of"):
        take_down(engine, "3", progress=quiet, file=OURS)


@pytest.mark.parametrize("more_files", [(), ("more.yaml",)])
def test_what_compose_made_from_the_same_file_is_a_lab(
    engine: FakeEngine, more_files: tuple[str, ...]
) -> None:
    compose_up(engine, "ben", OURS, *more_files)
    assert read_lab_names(engine, OURS) == ["ana", "ben"]
    bring_up(engine, definition(), "ben", progress=quiet)
    take_down(engine, "ben", progress=quiet, file=OURS)
    assert not read_state(engine, "ben").is_there


def test_compose_1_tells_files_from_where_it_ran(engine: FakeEngine) -> None:
    compose_up(engine, "ben", OURS)
    [container] = read_state(engine, "ben").containers
    container.labels[labels.CONFIG_FILES] = OURS.name  # type: ignore[index]
    assert read_lab_names(engine, OURS) == ["ana", "ben"]


def chosen(engine: FakeEngine, *words: str, homes: bool) -> list[str]:
    context = Context(OURS)
    context.__dict__.update(engine=engine, definition_as_read=definition())
    return [each.name for each in context.choose(words, every="" if words else ALL, homes=homes)]


def test_a_lab_of_which_only_the_home_is_left_counts_where_homes_do(engine: FakeEngine) -> None:
    bring_up(engine, definition(), "lab", progress=quiet)
    take_down(engine, "ana", progress=quiet)
    assert chosen(engine, homes=False) == ["lab"]
    assert chosen(engine, homes=True) == ["ana", "lab"]
    assert chosen(engine, "a*", homes=True) == ["ana"]


def test_a_home_in_a_project_that_is_somebody_elses_makes_it_no_lab(engine: FakeEngine) -> None:
    take_down(engine, "ana", progress=quiet)
    compose_up(engine, "ana", THEIRS)
    assert chosen(engine, homes=True) == []


def test_that_nobody_is_meant_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert chosen(FakeEngine(), homes=True) == []
    assert "there is no lab" in capsys.readouterr().err


def test_a_lab_may_be_taken_down_where_there_is_no_file(engine: FakeEngine) -> None:
    assert read_lab_names(engine, None) == ["ana"]
    take_down(engine, "ana", progress=quiet)
    assert read_lab_names(engine, None) == []


@pytest.mark.parametrize("rest", ["x" * 41, "trailing-", "lab"])
def test_a_project_whose_rest_is_no_labs_name_hinders_nobody(engine: FakeEngine, rest: str) -> None:
    labelled = {labels.PROJECT: f"lab-{rest}", labels.LAB: rest}
    engine.create_network(f"lab-{rest}_default", Network(subnets=("10.1.0.0/24",)), labelled)
    assert chosen(engine, homes=False) == ["ana"]
