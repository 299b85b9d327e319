"""labctl logs."""

import sys
import threading

import click

from labctl import labels
from labctl.cli.context import Context
from labctl.cli.options import service_option
from labctl.engine import Container
from labctl.errors import UnhealthyError
from labctl.features.lifecycle.ownership import read_lab_names
from labctl.features.lifecycle.state import read_state
from labctl.model import DEFAULT_LAB

EPILOG = """\b
Examples:
  labctl logs
  labctl logs echo                 one server of the default lab
  labctl logs ana --service mail --follow
"""


@click.command("logs", short_help="What the servers wrote, a line a conversation.", epilog=EPILOG)
@click.argument("words", metavar="[LAB] [SERVICE]...", nargs=-1)
@service_option
@click.option("--follow", "-f", is_flag=True, help="Go on until Ctrl-C.")
@click.option("--tail", "-n", type=click.IntRange(0), metavar="N", help="Only the last N lines of each.")
@click.option("--timestamps", "-t", is_flag=True, help="The time of each line, to the nanosecond.")
@click.pass_obj
def command(
    context: Context,
    words: tuple[str, ...],
    services: tuple[str, ...],
    follow: bool,
    tail: int | None,
    timestamps: bool,
) -> int:
    """Show what the servers of a lab wrote. A first word that is no lab's name is a service."""
    name, named = _lab_and_services(context, words)
    chosen = context.services([*named, *services])
    containers = [
        each
        for each in read_state(context.engine, name).containers
        if chosen is None or each.labels.get(labels.SERVICE) in chosen
    ]
    if not containers:
        raise UnhealthyError(f"lab '{name}' has no such container", hint=f"labctl up {name}")
    prefix = len(containers) > 1

    def show(container: Container) -> None:
        head = f"{container.labels[labels.SERVICE]:<14}| ".encode() if prefix else b""
        pieces = context.engine.logs(container.id, tail=tail, follow=follow, timestamps=timestamps)
        rest = b""
        for piece in pieces:
            *whole, rest = (rest + piece).split(b"\n")
            _write(b"".join(head + line + b"\n" for line in whole))
        if rest:
            _write(head + rest + b"\n")

    containers.sort(key=lambda each: each.name)
    if follow:
        threads = [threading.Thread(target=show, args=(each,), daemon=True) for each in containers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    else:
        for each in containers:
            show(each)
    return 0


def _lab_and_services(context: Context, words: tuple[str, ...]) -> tuple[str, list[str]]:
    """Tell the lab's name from the services' names: the first word is the lab, if there is such."""
    if not words:
        return DEFAULT_LAB, []
    first, *others = words
    is_service = first in context.definition.services
    if is_service and first not in read_lab_names(context.engine, context.path):
        return DEFAULT_LAB, list(words)
    name = context.lab(first)
    return name, others


def _write(lines: bytes) -> None:
    sys.stdout.buffer.write(lines)
    sys.stdout.buffer.flush()
