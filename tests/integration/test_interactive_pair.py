"""The interactive pair: two people, two terminals, two Python prompts, one conversation.

Two pseudo-terminals run `labctl shell`, and into each is typed what services/client/by_hand.md says.
"""

import os
import pty
import re
import select
import subprocess
import termios
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

import pytest

from tests.integration.labs import LABCTL, ROOT, RunningLab

PROMPT = ">>> "
ROWS_AND_COLUMNS = (24, 100)
PATIENCE_S = 20.0
GOODBYE_S = 5.0
CTRL_C, CTRL_D = b"\x03", b"\x04"
A_WHILE_S = 0.5  # how long a prompt that must not answer yet is watched
# What a terminal is told beyond text: colours and cursor movements (ECMA-48), and bracketed paste.
CONTROL = re.compile(rb"\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b[=>]|[\r\a\b]")


class Terminal:
    """A terminal with a program at it: keys go in, and what is on the screen can be looked at."""

    def __init__(self, *words: str) -> None:
        self.keyboard, theirs = pty.openpty()
        termios.tcsetwinsize(theirs, ROWS_AND_COLUMNS)
        self.process = subprocess.Popen(
            words,
            cwd=ROOT,
            env={**os.environ, "TERM": "xterm"},
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        )
        os.close(theirs)
        self.shown = b""

    @property
    def screen(self) -> str:
        """What has been shown since the last line was typed, as plain text without blank lines."""
        return re.sub("\n+", "\n", CONTROL.sub(b"", self.shown).decode(errors="replace"))

    def look(self, timeout_s: float) -> bool:
        """Take in what is shown within a time; return whether it was anything."""
        if not select.select([self.keyboard], [], [], timeout_s)[0]:
            return False
        try:
            piece = os.read(self.keyboard, 65536)
        except OSError:  # the program at the other end has ended
            piece = b""
        self.shown += piece
        return bool(piece)

    def wait_for(self, text: str) -> None:
        """Wait until a text is on the screen; fail with what is there instead."""
        deadline = time.monotonic() + PATIENCE_S
        while text not in self.screen:
            left_s = deadline - time.monotonic()
            assert left_s > 0, f"no {text!r} on this screen after {PATIENCE_S:g} s:\n{self.screen}"
            if not self.look(left_s):
                assert self.process.poll() is None, f"it ended without {text!r}:\n{self.screen}"

    def type(self, line: str) -> None:
        """Type a line and press Enter, on a screen that is blank from then on."""
        self.shown = b""
        os.write(self.keyboard, line.encode() + b"\r")

    def ask(self, line: str, answer: str = "") -> None:
        """Type a line at a Python prompt; wait for its answer, on a line of its own, and the next prompt."""
        self.type(line)
        self.wait_for(f"\n{PROMPT}")
        assert "Error" not in self.screen, self.screen
        assert not answer or f"\n{answer}\n{PROMPT}" in self.screen, self.screen

    def leave(self) -> None:
        """Leave Python and the shell, as a person does, and expect a good end."""
        self.type("exit()")
        self.wait_for("$ ")
        self.type("exit")
        assert self.process.wait(PATIENCE_S) == 0

    def close(self) -> None:
        """Leave whatever runs there: a shell whose terminal is unplugged stays, and holds its port."""
        deadline = time.monotonic() + GOODBYE_S
        with suppress(OSError):
            while self.process.poll() is None and time.monotonic() < deadline:
                for key in (CTRL_C, CTRL_D):  # stop what waits; end of file for Python, then for the shell
                    os.write(self.keyboard, key)
                    self.look(A_WHILE_S)
        self.process.kill()
        self.process.wait()
        os.close(self.keyboard)


@contextmanager
def prompt_in(lab: str) -> Iterator[Terminal]:
    """A terminal at which `labctl shell` was typed, then `python3`, then the line that all begins with."""
    terminal = Terminal(str(LABCTL), "shell", lab)
    try:
        terminal.wait_for("$ ")
        terminal.type("python3")
        terminal.wait_for(PROMPT)
        terminal.ask("import socket")
        yield terminal
    finally:
        terminal.close()


@pytest.fixture
def pair(lab: RunningLab) -> Iterator[tuple[Terminal, Terminal]]:
    name = lab.project.removeprefix("lab-")
    with ExitStack() as stack:
        yield stack.enter_context(prompt_in(name)), stack.enter_context(prompt_in(name))


def test_two_people_at_two_prompts_talk(pair: tuple[Terminal, Terminal]) -> None:
    ana, ben = pair

    ana.ask("listener = socket.socket()")
    ana.ask("listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)")
    ana.ask('listener.bind(("", 15000))')
    ana.ask("listener.listen()")
    ana.type("sock, address = listener.accept()")
    assert not watch(ana), "accept returned before anybody called"

    ben.ask("sock = socket.socket()")
    ben.ask('sock.connect(("client", 15000))')
    ana.wait_for(f"\n{PROMPT}")

    ana.type("sock.recv(1024)")
    assert not watch(ana), "recv returned before anything was said"
    ben.ask('sock.send(b"Hello World")', "11")
    ana.wait_for(f"\nb'Hello World'\n{PROMPT}")

    ana.ask('sock.send(b"Hello Yourself")', "14")
    ben.ask("sock.recv(1024)", "b'Hello Yourself'")

    ben.ask('sock.send(b"Goodbye")', "7")
    ana.ask("sock.recv(1024)", "b'Goodbye'")

    ben.ask("sock.close()")
    ana.ask("sock.recv(1024)", "b''")
    ana.ask("sock.close()")
    ana.ask("listener.close()")

    ana.leave()
    ben.leave()


def watch(terminal: Terminal) -> bool:
    """Tell whether a prompt comes back within a while."""
    deadline = time.monotonic() + A_WHILE_S
    while (left_s := deadline - time.monotonic()) > 0 and f"\n{PROMPT}" not in terminal.screen:
        terminal.look(left_s)
    return f"\n{PROMPT}" in terminal.screen
