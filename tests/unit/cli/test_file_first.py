"""The Compose file is read before the Engine is asked: what is wrong with it is told without one."""

from pathlib import Path

import pytest

from labctl.cli import main
from labctl.cli.context import Context

VERBS_THAT_READ_THE_FILE = (
    ["up"],
    ["up", "monday-*"],
    ["down", "--discard-work"],
    ["status"],
    ["status", "--all"],
    ["reset"],
    ["reset", "--all"],
    ["check"],
    ["check", "--all"],
    ["run", "lab", "echo_client"],
    ["shell"],
    ["exec", "lab", "web", "true"],
    ["logs"],
    ["work", "save"],
    ["work", "save", "--all"],
    ["work", "export", "lab", "lab.tar"],
    ["doctor"],
    ["doctor", "--mend"],
)


@pytest.mark.parametrize("words", VERBS_THAT_READ_THE_FILE, ids=" ".join)
def test_a_malformed_file_is_told_before_the_engine_is_asked(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def asked(_: Context) -> None:
        raise AssertionError("the Engine was asked")

    monkeypatch.setattr(Context, "engine", property(asked))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "compose.yaml").write_text("services:\n  web: {image: x, prots: []}\n")
    assert main.main(words) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err == "error: compose.yaml:2: services.web: key 'prots' is not supported, did you mean 'ports'?\n"
