"""Results on standard output: as JSON, or as a table that fits where it is read."""

import dataclasses
import json
from collections.abc import Sequence
from typing import Any

import click

STATE_COLOURS = {
    "running": "green",
    "passed": "green",
    "ok": "green",
    "skipped": "yellow",
    "missing": "yellow",
    "optional": "yellow",
    "lacking": "red",
    "failed": "red",
    "broken": "magenta",
}


def print_json(value: Any) -> None:
    """Print a value, dataclasses as objects, as one indented JSON document."""
    click.echo(json.dumps(value, indent=2, default=_plain))


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    return str(value)


def print_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print rows under a header, columns as wide as their widest word, states in colour."""
    widths = [max(len(row[column]) for row in (header, *rows)) for column in range(len(header))]
    click.secho(_line(header, widths), bold=True)
    for row in rows:
        line = _line(row, widths)
        for word, colour in STATE_COLOURS.items():
            if word in row:
                line = line.replace(f" {word} ", f" {click.style(word, fg=colour)} ", 1)
                break
        click.echo(line)


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def octets(count: int | None) -> str:
    """Return a number of octets as a person reads it."""
    return "" if count is None else f"{count / 1_048_576:.1f} MiB"
