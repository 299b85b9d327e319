"""labctl where its surroundings are odd: a folder that is gone, a full disk, a reader that left."""

import errno
import io
import os
import signal
import subprocess
import sys
from pathlib import Path

import click
import pytest

from labctl.cli import main
from labctl.cli.context import Context
from labctl.cli.progress import Steps


def test_an_unknown_verb_is_told_with_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["sttus"]) == 2
    said = capsys.readouterr().err
    assert "there is no verb 'sttus'; did you mean 'status'? (known: check, clean, completion, " in said
    assert len(said.splitlines()) == 1


def test_a_current_folder_that_is_gone_is_told_in_a_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    assert main.main(["status"]) == 2
    assert capsys.readouterr().err.startswith("error: the folder you are in cannot be used: No such file")


def test_a_folder_above_that_is_not_ours_is_passed_by(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: str | Path, **how: bool) -> os.stat_result:
        if Path(path).name == "compose.yaml":
            raise PermissionError(errno.EACCES, "Permission denied")
        return real(path, **how)

    real = os.stat
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(os, "stat", refuse)
    assert Context(None).path_if_any is None


def test_no_space_for_results_is_no_failure_of_labctl(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(main.labctl, "main", full)
    assert main.main([]) == 1
    assert capsys.readouterr().err == "error: No space left on device\n   try: df -h; df -i\n"


def test_work_goes_on_when_nobody_reads_its_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    def closed(*_: object, **__: object) -> None:
        raise BrokenPipeError(errno.EPIPE, "Broken pipe")

    monkeypatch.setattr(click, "echo", closed)
    done = []
    with Steps() as progress:
        progress("a step")
        done.append("the work")
    assert done


def test_an_error_that_cannot_be_told_keeps_its_exit_code(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(click, "echo", full)
    assert main.main(["sttus"]) == 2


def test_a_letter_that_the_terminal_lacks_is_written_out(monkeypatch: pytest.MonkeyPatch) -> None:
    octets = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(octets, encoding="latin-1"))
    monkeypatch.setattr(main.labctl, "main", lambda *_, **__: click.echo("a \u2192 b"))
    before = signal.getsignal(signal.SIGINT)
    try:
        with pytest.raises(SystemExit) as ended:
            main.run()
    finally:
        signal.signal(signal.SIGINT, before)
    assert (ended.value.code, octets.getvalue()) == (0, b"a \\u2192 b\n")


def test_a_reader_that_left_is_no_lab_that_is_not_healthy() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with open(writer, "wb") as closed:  # noqa: PTH123  a descriptor has no path
        words = [sys.executable, "-c", "from labctl.cli.main import run; run()"]
        finished = subprocess.run(words, stdout=closed, stderr=subprocess.PIPE, check=False)
    assert (finished.returncode, finished.stderr) == (0, b"")


@pytest.mark.parametrize(
    ("environ", "colour"),
    [({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False), ({"NO_COLOR": "", "TERM": "xterm"}, None)],
)
def test_colours_are_left_out_where_they_are_not_wanted(
    environ: dict[str, str], colour: bool | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    seen = []
    monkeypatch.setattr(main.labctl, "invoke", lambda ctx: seen.append(ctx.color))
    main.main(["status"])
    assert seen == [colour]
