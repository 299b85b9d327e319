"""The progress of long work: on standard error, never mixed with results."""

import os
import sys
import threading
import time
from contextlib import suppress
from types import TracebackType
from typing import TYPE_CHECKING

import click

from labctl.engine import Progress
from labctl.errors import LabError
from labctl.escaping import escape_line

if TYPE_CHECKING:
    from labctl.cli.bar import Bar


class Steps:
    """Reports steps: one line that moves on a terminal, a line a step elsewhere.

    Used as a context manager, and called with each step by the threads that do the work. Over
    several labs the one line counts them; elsewhere than on a terminal only labs that are done get a
    line, for a class takes a thousand steps. What is reported after its end, by a thread that was interrupted
    and clears up, is not shown.
    """

    def __init__(self, labs: int = 1) -> None:
        self.is_terminal = sys.stderr.isatty() and os.environ.get("TERM") not in ("dumb", "unknown")
        self._labs = labs
        self._done = 0
        self._bar: Bar | None = None
        self._is_over = False
        self._lock = threading.Lock()
        self._began = time.monotonic()

    def __enter__(self) -> "Steps":
        return self

    def __call__(self, step: str) -> None:
        """Report one step."""
        with self._lock, suppress(BrokenPipeError):  # a reader that is gone is no reason to stop half-way
            if self._is_over:
                return
            if self.is_terminal:
                self._moving_line().show(escape_line(step), self._done)
            else:
                click.echo(escape_line(step), err=True)

    def _moving_line(self) -> "Bar":
        """Return the line on the terminal, which begins with the first step."""
        if self._bar is None:
            from labctl.cli.bar import Bar  # not for a pipe, a file or CI to wait for

            self._bar = Bar(self._labs)
        return self._bar

    def of(self, lab: str) -> Progress:
        """Return the progress of one lab."""
        if self._labs == 1:
            return self
        if self.is_terminal:
            return lambda step: self(f"{lab}: {step}")
        return lambda step: None

    def done(self, lab: str, error: LabError | None) -> None:
        """Report that one lab of several is done."""
        self._done += 1
        if self._labs > 1:
            what = "done" if error is None else f"failed: {error.what}"
            self(f"{lab}: {what} ({self._done} of {self._labs})")

    @property
    def seconds(self) -> float:
        """How long it has taken so far."""
        return time.monotonic() - self._began

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._lock, suppress(BrokenPipeError):
            self._is_over = True
            if self._bar is not None:
                self._bar.end()
