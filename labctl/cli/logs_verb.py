"""labctl logs."""

import io
import select
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from queue import SimpleQueue

import click

from labctl import labels
from labctl.cli.context import Context
from labctl.cli.options import offered, service_option
from labctl.engine import Container
from labctl.errors import UnhealthyError
from labctl.escaping import escape_bytes
from labctl.features.lifecycle.ownership import read_lab_names
from labctl.features.lifecycle.state import read_state
from labctl.model import DEFAULT_LAB

SERVICE_WIDTH = 14
LONGEST_LINE_BYTES = 1 << 16  # four of the parts in which the Engine keeps a long line
LOOK_MS = 200  # between looks at whether a log ended: a wait without an end may miss a Ctrl-C

EPILOG = """\b
Examples:
  labctl logs
  labctl logs echo                 one server of the default lab
  labctl logs ana --service mail --follow
"""


@click.command("logs", short_help="What the servers wrote, a line a conversation.", epilog=EPILOG)
@click.argument(
    "words", metavar="[LAB] [SERVICE]...", nargs=-1, shell_complete=offered("complete_lab_or_service")
)
@service_option
@click.option("--follow", "-f", is_flag=True, help="Go on until Ctrl-C.")
@click.option("--tail", "-n", type=click.IntRange(0), metavar="N", help="Only the last N lines of each.")
@click.option("--timestamps", "-t", is_flag=True, help="The time of each line, to the nanosecond.")
@click.option("--raw", is_flag=True, help="As it was written: a terminal may obey it.")
@click.pass_obj
def command(
    context: Context,
    words: tuple[str, ...],
    services: tuple[str, ...],
    follow: bool,
    tail: int | None,
    timestamps: bool,
    raw: bool,
) -> int:
    """Show what the servers of a lab wrote. A first word that is no lab's name is a service.

    What a terminal would obey is written out, on a terminal and in a pipe alike.
    """
    name, named = _lab_and_services(context, words)
    chosen = context.services([*named, *services])
    containers = [
        each
        for each in read_state(context.engine, name).containers
        if chosen is None or each.labels.get(labels.SERVICE) in chosen
    ]
    if not containers:
        raise UnhealthyError(f"lab '{name}' has no such container", hint=f"labctl up {name}")
    containers.sort(key=lambda each: each.name)
    width = SERVICE_WIDTH if len(containers) > 1 else 0

    def show(container: Container) -> None:
        head = f"{container.labels[labels.SERVICE]:<{width}}| ".encode() if width else b""
        pieces = context.engine.logs(container.id, tail=tail, follow=follow, timestamps=timestamps)
        for line in split_lines(pieces):
            _write(head + (line if raw else escape_bytes(line).encode()) + b"\n")

    if follow:
        _follow(containers, show)
    else:
        for each in containers:
            show(each)
    return 0


def _follow(containers: list[Container], show: Callable[[Container], None]) -> None:
    """Show logs in parallel until all have ended, one failed, or the reader of standard output is gone.

    Raises:
        LabError: the Engine failed; the other logs are not waited for.
        BrokenPipeError: there is no reader any more, as behind `| head`.
    """
    ends: SimpleQueue[BaseException | None] = SimpleQueue()

    def follow(container: Container) -> None:
        try:
            show(container)
        except BaseException as error:
            ends.put(error)
        else:
            ends.put(None)

    for each in containers:
        threading.Thread(target=follow, args=(each,), daemon=True).start()
    reader = select.poll()
    with suppress(io.UnsupportedOperation):  # standard output is no file of the system's
        reader.register(sys.stdout.fileno(), 0)  # no event but that the other side closed
    going_on = len(containers)
    while going_on:
        if reader.poll(LOOK_MS):
            raise BrokenPipeError
        while going_on and not ends.empty():
            going_on -= 1
            if (error := ends.get()) is not None:
                raise error


def split_lines(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield lines without their LF; of one that is longer than LONGEST_LINE_BYTES, parts of that length."""
    rest = bytearray()
    for piece in pieces:
        *ended, begun = piece.split(b"\n")
        for each in ended:
            rest += each
            yield from _parts(rest)
            yield bytes(rest)
            rest.clear()
        rest += begun
        yield from _parts(rest)
    if rest:
        yield bytes(rest)


def _parts(line: bytearray) -> Iterator[bytes]:
    """Yield what is too long, and leave the rest in the line."""
    at = 0
    while len(line) - at > LONGEST_LINE_BYTES:
        yield bytes(line[at : at + LONGEST_LINE_BYTES])
        at += LONGEST_LINE_BYTES
    del line[:at]


def _lab_and_services(context: Context, words: tuple[str, ...]) -> tuple[str, list[str]]:
    """Tell the lab's name from the services' names: the first word is the lab, if there is such."""
    if not words:
        return DEFAULT_LAB, []
    first, *others = words
    is_service = first in context.definition_as_read.services
    if is_service and first not in read_lab_names(context.engine, context.path):
        return DEFAULT_LAB, list(words)
    name = context.lab(first)
    return name, others


def _write(lines: bytes) -> None:
    sys.stdout.buffer.write(lines)
    sys.stdout.buffer.flush()
