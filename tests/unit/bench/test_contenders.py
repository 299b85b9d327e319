"""What the contenders are asked, told without asking: a class is one labctl, and every server is awaited."""

from pathlib import Path

import pytest

from labctl.composefile import read_definition
from labctl.roster import read_roster
from tests.bench import contenders
from tests.bench.contenders import COMPOSE_2, COMPOSE_FILE, Compose, Labctl, Readiness
from tests.bench.labs import choose_labs
from tests.run_names import RUN

DEFINITION = read_definition(COMPOSE_FILE, {})


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the commands that contenders run, in place of running them."""
    commands: list[str] = []

    def run(*words: str, variables: dict[str, str] | None = None) -> str:
        commands.append(" ".join([*(f"{key}={value}" for key, value in (variables or {}).items()), *words]))
        return ""

    monkeypatch.setattr(contenders, "run", run)
    return commands


def test_labctl_takes_a_class_by_its_roster(asked: list[str], tmp_path: Path) -> None:
    roster = tmp_path / "class.csv"
    Labctl(roster).reset(choose_labs(3, ()))
    assert asked[0].endswith(f"labctl reset --roster {roster}")
    named = [each.name for each in read_roster(roster, DEFINITION.services)]
    assert named == [f"bench-{RUN}-1", f"bench-{RUN}-2", f"bench-{RUN}-3"]


def test_labctl_takes_one_lab_by_its_name(asked: list[str], tmp_path: Path) -> None:
    Labctl(tmp_path / "class.csv").down(choose_labs(1, ()))
    assert asked[0].endswith(f"labctl down bench-{RUN}-1")


def test_compose_resets_lab_after_lab_and_waits_for_every_server(asked: list[str]) -> None:
    compose = Compose(COMPOSE_2, ["docker", "compose"], "-", Readiness(DEFINITION))
    compose.reset(choose_labs(2, ()))
    assert [each.split("-p ")[-1] for each in asked if " -p " in each] == [
        f"lab-bench-{RUN}-1 down",
        f"lab-bench-{RUN}-1 up -d",
        f"lab-bench-{RUN}-2 down",
        f"lab-bench-{RUN}-2 up -d",
    ]
    assert "LAB_INTERNAL=true" in asked[0]
    waited = asked[2]
    assert waited.startswith(f"docker exec lab-bench-{RUN}-1-client-1 probe --timeout ")
    probed = [each.name for each in DEFINITION.services.values() if each.probes]
    assert probed
    assert all(f" {name}@" in waited for name in probed)
