"""Real containers on a real Engine: one lab by plain Compose (pytest-docker), others by labctl."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.labs import COMPOSE_FILE, RunningLab, labctl, sweep
from tests.run_names import RUN, held_run, own, own_subnets

PROJECT = f"lab-{own('pytest')}"
IPV4, IPV6 = own_subnets(0)
# The lab under test keeps clear of one that a person may have running on this machine.
VARIABLES = {
    "LAB_IPV4_SUBNET": IPV4,
    "LAB_IPV6_SUBNET": IPV6,
    "LAB_BRIDGE": f"lab-{RUN}",
    "LAB_INTERNAL": "true",
}


@pytest.fixture(scope="session", autouse=True)
def run() -> Iterator[None]:
    """The run, whose labs are its own."""
    with held_run():
        yield


@pytest.fixture(scope="session", autouse=True)
def snapshots(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder that labctl keeps snapshots in during the tests: not the user's own."""
    folder = tmp_path_factory.mktemp("snapshots")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LABCTL_SNAPSHOTS", str(folder))
        yield folder


@pytest.fixture(scope="session")
def docker_compose_file() -> str:
    return str(COMPOSE_FILE)


@pytest.fixture(scope="session")
def docker_compose_project_name(compose_variables: None) -> Iterator[str]:
    # pytest-docker does not clean up after a set-up that failed; this does, before and after.
    sweep(PROJECT)
    yield PROJECT
    sweep(PROJECT)


@pytest.fixture(scope="session")
def docker_setup() -> list[str]:
    return ["up --detach --no-build"]


@pytest.fixture(scope="session")
def docker_cleanup() -> list[str]:
    return []  # the sweep does it: it bears with a network that the Engine will not let go of


@pytest.fixture(scope="session")
def lab(docker_services: object) -> RunningLab:
    """The lab as `docker compose up` makes it from the same compose.yaml, every server answering."""
    running = RunningLab(PROJECT)
    running.wait_until_answers()
    return running


@pytest.fixture(scope="session")
def compose_variables() -> Iterator[None]:
    before = {name: os.environ.get(name) for name in VARIABLES}
    os.environ.update(VARIABLES)
    yield
    for name, value in before.items():
        if value is None:
            os.environ.pop(name)
        else:
            os.environ[name] = value


@pytest.fixture
def own_lab() -> Iterator[str]:
    """The name of a lab that a test brings up with labctl itself; it is taken down afterwards."""
    name = own("own")
    labctl("down", name, "--discard-work")
    yield name
    finished = labctl("down", name, "--discard-work")
    assert finished.returncode == 0, finished.stderr
