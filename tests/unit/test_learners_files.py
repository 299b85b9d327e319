"""What lies in the learner's home runs neither in PID 1 nor in the checker nor in a client program.

The home outlives every reset: what ran there would break a lab for good.
"""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from labctl.cli.run_verb import LAUNCHER
from labctl.features.checks.run import RUNNER

REPOSITORY = Path(__file__).parents[2]
PYTHON = os.path.realpath(sys.executable)  # a virtual environment's never looks into the home
DOCKERFILE = (REPOSITORY / "services/Dockerfile").read_text()
[ENTRYPOINT] = [
    json.loads(line.removeprefix("ENTRYPOINT "))
    for line in DOCKERFILE.splitlines()
    if line.startswith("ENTRYPOINT ")
]
PROGRAMS = {
    "PID 1": [*ENTRYPOINT, "true"],
    "the checker": [*RUNNER, "[]"],
    "a client program": [*LAUNCHER, "--list"],
}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    packages = tmp_path / ".local/lib" / version / "site-packages"
    packages.mkdir(parents=True)
    (packages / "x.pth").write_text("import os; os._exit(7)\n")
    return tmp_path


def run(home: Path, words: Sequence[str]) -> "subprocess.CompletedProcess[str]":
    at = words.index("python3")  # behind `env`, where the program needs a variable
    environment = {"HOME": str(home), "PYTHONPATH": str(REPOSITORY), "PATH": os.environ["PATH"]}
    return subprocess.run(
        [*words[:at], PYTHON, *words[at + 1 :]],
        cwd=home,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_file_of_the_home_is_what_any_other_python_imports(home: Path) -> None:
    assert run(home, ["python3", "-c", ""]).returncode == 7


@pytest.mark.parametrize("program", PROGRAMS)
def test_packages_of_the_home_are_not_imported(home: Path, program: str) -> None:
    finished = run(home, PROGRAMS[program])
    assert finished.returncode == 0, finished.stderr


@pytest.mark.parametrize("program", PROGRAMS)
def test_modules_in_the_home_are_not_imported(tmp_path: Path, program: str) -> None:
    for name in ("socket", "queue", "shutil", "ast", "contextlib"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit(7)\n")
    finished = run(tmp_path, PROGRAMS[program])
    assert finished.returncode == 0, finished.stderr
