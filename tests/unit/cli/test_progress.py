"""Progress on a terminal is one moving line that is gone at the end; elsewhere it is plain lines."""

import os
import pty
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from labctl.cli.progress import Steps

SGR = re.compile(r"\x1b\[[0-9;]*m")  # colours and the like (ECMA-48 section 8.3.117)
Screen = Callable[[], str]


@contextmanager
def terminal(monkeypatch: pytest.MonkeyPatch, **environ: str) -> Iterator[Screen]:
    """Have standard error be a terminal; yield what returns what was written to it since."""
    master, slave = pty.openpty()
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "60")
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    with os.fdopen(slave, "w") as stderr:
        monkeypatch.setattr(sys, "stderr", stderr)

        def written() -> str:
            stderr.flush()
            os.write(slave, b"\x00")  # so that the read ends
            said = b""
            while not said.endswith(b"\x00"):
                said += os.read(master, 65536)
            return said[:-1].decode()

        yield written
        monkeypatch.undo()
    os.close(master)


def test_one_lab_has_its_step_and_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    with terminal(monkeypatch) as screen:
        with Steps() as steps:
            steps("starting")
            steps("building [bold]image[/bold]")
        said = screen()
    assert "building [bold]image[/bold]" in said  # words, no markup
    assert "0:00:00" in said
    assert "/1" not in said
    assert SGR.search(said)


def test_several_labs_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    with terminal(monkeypatch) as screen:
        with Steps(3) as steps:
            steps.of("ana")("started echo")
            steps.done("ana", None)
            steps.done("ben", None)
            steps.of("cleo")("started echo")
        said = SGR.sub("", screen())
    assert "cleo: started echo" in said
    assert "2/3" in said
    assert "━" in said


def test_the_line_is_no_longer_than_the_terminal_and_gone_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    with terminal(monkeypatch) as screen:
        with Steps() as steps:
            steps("word " * 50)
        said = screen()
        steps("too late")
        assert "too late" not in screen()
    lines = [line for line in re.split(r"[\r\n]+|\x1b\[[0-9;?]*[A-Za-z]", said) if line]
    assert max(map(len, lines)) <= 60
    assert "\x1b[2K" in said[said.rindex("word") :]  # erased


def test_no_colour_where_none_is_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    with terminal(monkeypatch, NO_COLOR="1") as screen:
        with Steps(2) as steps:
            steps("starting")
        assert re.search(r"\x1b\[[0-9;]*3[0-9]m", screen()) is None


def test_a_dumb_terminal_gets_plain_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    with terminal(monkeypatch, TERM="dumb") as screen:
        with Steps() as steps:
            steps("one")
            steps("two")
        assert screen() == "one\r\ntwo\r\n"


def test_a_pipe_gets_plain_lines_and_nothing_is_imported_for_it() -> None:
    program = (
        "import sys\nfrom labctl.cli.progress import Steps\n"
        "with Steps() as steps: steps('one')\n"
        "print([name for name in sys.modules if name.startswith('rich')])"
    )
    finished = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert (finished.stdout, finished.stderr) == ("[]\n", "one\n")
