"""Completion offers what there is, and is silent where it cannot know."""

import shutil
import subprocess
from pathlib import Path

import pytest

from labctl.cli.completion_verb import SHELLS, VARIABLE
from labctl.cli.context import Context
from labctl.cli.main import VERBS, main
from labctl.errors import EngineUnavailableError
from labctl.features.lifecycle.down import take_down
from labctl.features.lifecycle.up import bring_up
from tests.unit.definitions import definition
from tests.unit.fake_engine import FakeEngine


@pytest.fixture(autouse=True)
def labs(engine: FakeEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ana", "ben", "cleo"):
        bring_up(engine, definition(), name, progress=lambda step: None)
    take_down(engine, "cleo", progress=lambda step: None, volumes_of=definition())
    monkeypatch.setattr("labctl.docker_engine.open_engine", lambda _timeout_s: engine)
    monkeypatch.setattr(Context, "path_if_any", definition().path)


def offered(line: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """Return what bash is offered for the last word of a line."""
    monkeypatch.setenv(VARIABLE, "bash_complete")
    monkeypatch.setenv("COMP_WORDS", line)
    monkeypatch.setenv("COMP_CWORD", str(len(line.split(" ")) - 1))
    with pytest.raises(SystemExit):
        main([])
    out, err = capsys.readouterr()
    assert err == ""
    return [each.removeprefix("plain,") for each in out.split()]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("labctl re", ["reset"]),
        ("labctl check --ver", ["--verbose"]),
        ("labctl up ", ["ana", "ben", "cleo"]),
        ("labctl up ana b", ["ben"]),
        ("labctl check --service al", ["alpha"]),
        ("labctl exec ana ", ["alpha", "beta", "tools"]),
        ("labctl logs a", ["ana"]),
        ("labctl logs ana a", ["alpha"]),
        ("labctl work restore b", ["ben"]),
        ("labctl shell --service t", ["tools"]),
    ],
)
def test_what_may_follow_is_offered(
    line: str, words: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert offered(line, monkeypatch, capsys) == words


def test_every_verb_is_offered(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert sorted(offered("labctl ", monkeypatch, capsys)) == sorted(VERBS)


def test_without_an_engine_no_lab_is_offered_and_nothing_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(_timeout_s: float) -> FakeEngine:
        raise EngineUnavailableError("no Docker Engine answers")

    monkeypatch.setattr("labctl.docker_engine.open_engine", refuse)
    assert offered("labctl up ", monkeypatch, capsys) == []


def test_without_a_file_nothing_is_offered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.undo()
    monkeypatch.chdir(tmp_path)
    assert offered("labctl check --service ", monkeypatch, capsys) == []
    assert offered("labctl up ", monkeypatch, capsys) == []
    (tmp_path / "compose.yaml").write_text("services: [")
    assert offered("labctl up ", monkeypatch, capsys) == []


@pytest.mark.parametrize("shell", SHELLS)
def test_the_script_is_one_that_the_shell_reads(
    shell: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["completion", shell]) == 0
    (script := tmp_path / "script").write_text(capsys.readouterr().out)
    assert VARIABLE in script.read_text()
    if shutil.which(shell):  # zsh and fish are not on every machine
        subprocess.run([shell, "-n", str(script)], check=True)


def test_another_shell_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", "csh"]) == 2
    assert "csh" in capsys.readouterr().err
