"""The README's own commands run as they stand."""

import pytest

from tests.integration.labs import ROOT, RunningLab

TALK = (ROOT / "README.md").read_text().partition("## Talk to each")[2].partition("\n## ")[0]
COMMANDS = [line.removeprefix("$ ") for line in TALK.splitlines() if line.startswith("$ ")]


def test_there_are_commands() -> None:
    assert len(COMMANDS) >= 12


@pytest.mark.parametrize("command", COMMANDS)
def test_a_line_to_talk_to_a_server_works_as_it_stands(lab: RunningLab, command: str) -> None:
    if "you:lab pop3" in command:  # the line before it in the README delivers that mail
        lab.shell("swaks --silent 2 --server smtp --from me@lab.test --to you@lab.test --body hello")
    finished = lab.shell(command, timeout_s=20)
    assert finished.returncode == 0, finished.stderr
    if not command.startswith("swaks"):  # silent when all is well
        assert finished.stdout
