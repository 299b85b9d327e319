"""Each step of the echo lesson passes just the checks that it says it passes."""

import re
from collections.abc import Iterator

import pytest

from services.checking.registry import load_checks
from services.echo.steps import STEPS
from tests.integration.labs import ROOT, RunningLab
from tests.integration.variants import Workbench, workbench

FOLDER = ROOT / "services" / "echo" / "steps"


def failing_as_stated(step: str) -> set[str]:
    """Return the checks that a step's docstring names as not passed yet."""
    stated = re.split(r"\nNot yet: ", (FOLDER / f"{step}.py").read_text())[1].partition('"""')[0]
    return {each.name for each in load_checks("echo")} & set(re.findall(r"\w+", stated))


def test_every_step_is_listed() -> None:
    assert set(STEPS) == {path.stem for path in FOLDER.glob("[!_]*.py")}


def test_the_page_begins_with_the_first_step_which_is_short() -> None:
    code = (FOLDER / f"{STEPS[0]}.py").read_text().partition('"""\n\n')[2]
    assert code in (ROOT / "services/echo/README.md").read_text()
    assert len([line for line in code.splitlines() if line]) <= 15


@pytest.fixture(scope="module")
def bench(lab: RunningLab) -> Iterator[Workbench]:
    with workbench(lab, "steps", checkers=1) as bench:
        yield bench


@pytest.mark.parametrize("step", STEPS)
def test_a_step_fails_the_checks_that_it_names_and_no_other(step: str, bench: Workbench) -> None:
    assert bench.failures("echo", step, folder="steps").keys() == failing_as_stated(step)
