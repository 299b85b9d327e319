"""What up refuses, it refuses before anything is begun."""

import pytest

from labctl.cli import provisioning
from labctl.cli.context import Context
from labctl.cli.main import main
from labctl.features.doctor import limits
from labctl.features.doctor.limits import Limit
from labctl.features.lifecycle.up import bring_up
from tests.unit.definitions import definition
from tests.unit.fake_engine import FakeEngine


@pytest.fixture(autouse=True)
def steps(engine: FakeEngine, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return what is begun with an Engine that has lab ana and must first be provided."""
    bring_up(engine, definition(), "ana", progress=lambda step: None)
    engine.steps.clear()

    def provide(_context: Context, *_: object) -> None:
        engine.steps.append("provide")

    monkeypatch.setattr(provisioning, "provide", provide)
    return engine.steps


@pytest.mark.parametrize("labs", [["ana"], ["ana", "ben"], ["a*"]])
def test_a_pool_that_is_none_is_refused_once_and_first(
    labs: list[str],
    steps: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("LABCTL_IPV6_POOL", "lots")
    assert main(["up", *labs]) == 2
    err = capsys.readouterr().err
    assert err.startswith("error: LABCTL_IPV6_POOL: ")
    assert err.count("\n") == 1
    assert steps == []


@pytest.mark.parametrize("lab", ["ana", "a*"])
def test_a_group_without_its_roster_is_refused(
    lab: str, steps: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["up", lab, "--group", "monday"]) == 2
    assert "--group needs the roster" in capsys.readouterr().err
    assert steps == []


def test_a_class_is_told_of_limits_it_meets_and_comes_up(
    steps: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("DOCKER_HOST", raising=False)
    monkeypatch.setattr(limits, "LIMITS", (Limit("process ids", "kernel.pid_max", 1e9, 0),))
    assert main(["up", "ana"]) == 0
    assert "warning" not in capsys.readouterr().err
    assert main(["up", "ana", "ben"]) == 0
    assert "warning: kernel.pid_max = " in capsys.readouterr().err


def test_a_pattern_names_labs_there_are(steps: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["up", "a*"]) == 0
    assert steps[0] == "provide"
    assert "3 unchanged" in capsys.readouterr().err


@pytest.mark.parametrize("more", [[], ["--dry-run"]])
def test_an_image_that_runs_as_root_needs_trust(
    more: list[str], engine: FakeEngine, capsys: pytest.CaptureFixture[str]
) -> None:
    engine.image_users["client"] = ""
    assert main(["up", "ben", *more]) == 2
    told = capsys.readouterr().err
    assert "user root, as image client says" in told
    assert "labctl --trust" in told
    assert [each.name for each in engine.containers({}) if "ben" in each.name] == []
    assert main(["--trust", "up", "ben", *more]) == 0
