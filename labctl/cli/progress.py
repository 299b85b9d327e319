"""How long work is told while it goes on: on standard error, never mixed with results."""

import shutil
import sys
import threading
import time
from types import TracebackType

import click


class Steps:
    """Tells steps: one line that changes on a terminal, a line a step elsewhere.

    Used as a context manager, and called with each step by whatever thread does the work.
    """

    def __init__(self) -> None:
        self.is_terminal = sys.stderr.isatty()
        self._lock = threading.Lock()
        self._began = time.monotonic()

    def __enter__(self) -> "Steps":
        return self

    def __call__(self, step: str) -> None:
        """Tell one step."""
        with self._lock:
            if self.is_terminal:
                width = shutil.get_terminal_size().columns
                click.echo(f"\r\033[K{click.style('>', fg='cyan')} {step[: width - 3]}", nl=False, err=True)
            else:
                click.echo(step, err=True)

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
        if self.is_terminal:
            click.echo("\r\033[K", nl=False, err=True)
