"""labctl --version: the product, the file and the Engine, and exit code 0 whatever is missing."""

import os
import socket
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from labctl import docker_engine
from labctl.cli import main
from labctl.errors import EngineUnavailableError

RUN = "from labctl.cli.main import run; run()"
NO_ENGINE = "Docker Engine: none that answers (labctl doctor says more)"


def none_answers(timeout_s: float) -> docker_engine.DockerEngine:
    raise EngineUnavailableError("no Docker Engine answers")


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(docker_engine, "open_engine", none_answers)
    return tmp_path


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    assert main.main([*arguments, "--version"]) == 0
    return capsys.readouterr().out.splitlines()


def test_product_file_and_engine_are_told_in_a_line_each(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "compose.yaml").write_text("not even read: [")
    assert said(capsys) == [
        f"labctl {version('labctl')}: a network-programming lab in containers",
        f"Compose file: {here}/compose.yaml",
        NO_ENGINE,
    ]


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        ((), "Compose file: none ("),
        (("-f", "other.yaml"), "Compose file: none ({here}/other.yaml is no file)"),
        (("-f", "new\nline"), "Compose file: none ({here}/new\\nline is no file)"),
    ],
)
def test_a_file_that_is_missing_is_told(
    here: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], line: str
) -> None:
    assert said(capsys, *arguments)[1].startswith(line.format(here=here))


def test_a_folder_that_is_gone_is_told(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "gone").mkdir()
    monkeypatch.chdir(here / "gone")
    (here / "gone").rmdir()
    assert said(capsys)[1].startswith("Compose file: none (the folder you are in cannot be used: ")


@pytest.mark.parametrize("answering", [True, False])
def test_an_engine_that_is_missing_or_mute_is_not_waited_for_long(here: Path, answering: bool) -> None:
    with socket.socket(socket.AF_UNIX) as mute:
        if answering:  # it takes the call, and says nothing
            mute.bind(str(here / "engine"))
            mute.listen()
        finished = subprocess.run(
            [sys.executable, "-c", RUN, "--version"],
            env={**os.environ, "DOCKER_HOST": f"unix://{here}/engine"},
            capture_output=True,
            text=True,
            timeout=20,
        )
    assert (finished.returncode, finished.stderr) == (0, "")
    assert finished.stdout.splitlines()[2] == NO_ENGINE
