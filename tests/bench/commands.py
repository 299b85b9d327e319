"""Programs run as a user runs them: whole processes, ended with all they started when the bench is."""

import os
import signal
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).parents[2]


class BenchError(Exception):
    """A contender failed: its figures would mean nothing."""


def run(*words: str, variables: Mapping[str, str] | None = None) -> str:
    """Run a command at the top of the project, and return what it said.

    Args:
        words: the command.
        variables: environment variables on top of those there are.

    Raises:
        BenchError: it failed; the message has what it said.
    """
    with subprocess.Popen(
        words,
        cwd=ROOT,
        env={**os.environ, **(variables or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,  # Ctrl-C is ours to pass on: to the whole group, once
    ) as process:
        try:
            said, _ = process.communicate()
        except BaseException:
            with suppress(ProcessLookupError):  # it has just ended
                os.killpg(process.pid, signal.SIGKILL)
            raise
    if process.returncode:
        raise BenchError(f"{' '.join(words)} failed (exit code {process.returncode}):\n{said}")
    return said
