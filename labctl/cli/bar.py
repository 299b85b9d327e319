"""The moving line of long work on a terminal: a bar, what is going on, elapsed and remaining time."""

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Column
from rich.text import Text

BAR_WIDTH = 16  # characters; the rest of the line is for words


class Bar:
    """One line at the bottom of a terminal, which is gone at the end. Any thread may call it.

    Over several labs it counts those that are done, and estimates the remaining time. What it is given is
    text: no markup is read in it, and it has been made safe for a terminal already.
    """

    def __init__(self, labs: int) -> None:
        several: list[ProgressColumn] = []
        if labs > 1:
            several = [BarColumn(BAR_WIDTH), MofNCompleteColumn(), _Remaining()]
        words = Column(ratio=1, no_wrap=True, overflow="ellipsis")
        self._progress = Progress(
            SpinnerColumn("line"),
            *several,
            TimeElapsedColumn(),
            TextColumn("{task.description}", style="", markup=False, table_column=words),
            console=Console(stderr=True, highlight=False),
            transient=True,
            expand=True,
        )
        self._task = self._progress.add_task("", total=labs if labs > 1 else None)
        self._progress.start()

    def show(self, words: str, done: int) -> None:
        """Show what is going on, and how many labs are done."""
        self._progress.update(self._task, description=words, completed=done)

    def end(self) -> None:
        """Remove the line."""
        self._progress.stop()


class _Remaining(TimeRemainingColumn):
    """The time that is left; empty while it cannot be estimated."""

    def render(self, task: Task) -> Text:
        return super().render(task) if task.time_remaining is not None else Text("")
