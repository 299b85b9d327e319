"""Results on standard output: as JSON, or as a table that fits where it is read."""

import dataclasses
import json
import shutil
import sys
from collections.abc import Iterable, Sequence
from typing import Any

import click

from labctl.escaping import escape_line

GAP, CUT = "  ", "..."
SHORTEST = 8  # characters of a column that is cut
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
    """Print rows under a header, columns as wide as their widest word, states in colour.

    On a terminal no line is longer than it is wide: the widest columns are cut, which `...` shows.
    Cells may hold text from containers and files.
    """
    rows = [[escape_line(cell) for cell in row] for row in rows]
    widths = [max(len(row[column]) for row in (header, *rows)) for column in range(len(header))]
    if sys.stdout.isatty():
        widths = fit_widths(widths, shutil.get_terminal_size().columns)
    click.secho(_line(header, widths), bold=True)
    for row in rows:
        line = _line(row, widths)
        for word, colour in STATE_COLOURS.items():
            if word in row:
                line = line.replace(f" {word} ", f" {click.style(word, fg=colour)} ", 1)
                break
        click.echo(line)


def fit_widths(widths: Sequence[int], whole: int) -> list[int]:
    """Return widths of columns that fit side by side into a line, by cutting always the widest.

    Args:
        widths: as the columns would be.
        whole: of the line, in characters. Where even short columns do not fit, it is exceeded.
    """
    fitted = list(widths)
    excess = sum(widths) + len(GAP) * (len(widths) - 1) - whole
    while excess > 0 and max(fitted) > SHORTEST:
        fitted[fitted.index(max(fitted))] -= 1
        excess -= 1
    return fitted


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    cells = [_cut(cell, width).ljust(width) for cell, width in zip(row, widths, strict=True)]
    return GAP.join(cells).rstrip()


def _cut(cell: str, width: int) -> str:
    return cell if len(cell) <= width else cell[: width - len(CUT)] + CUT


def format_bytes(count: int | None) -> str:
    """Return a number of bytes as a person reads it."""
    return "" if count is None else f"{count / 1_048_576:.1f} MiB"


def host_addresses(published: Iterable[str]) -> str:
    """Return published ports as a person reads them, consecutive ones as a range.

    Args:
        published: such as `127.0.0.1:30000/tcp`; one that is published twice counts once.
    """
    ranges: list[tuple[str, int, int, str]] = []
    for host, port, protocol in sorted(
        {_split(each) for each in published}, key=lambda e: (e[0], e[2], e[1])
    ):
        if ranges and ranges[-1][0] == host and ranges[-1][3] == protocol and ranges[-1][2] == port - 1:
            ranges[-1] = (host, ranges[-1][1], port, protocol)
        else:
            ranges.append((host, port, port, protocol))
    return " ".join(
        f"{host}:{first}/{protocol}" if first == last else f"{host}:{first}-{last}/{protocol}"
        for host, first, last, protocol in ranges
    )


def _split(published: str) -> tuple[str, int, str]:
    address, _, protocol = published.partition("/")
    host, _, port = address.rpartition(":")
    return host, int(port), protocol
