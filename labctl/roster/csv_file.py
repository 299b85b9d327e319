"""A roster as a spreadsheet saves it: a heading of field names, then a line a lab."""

import csv
import io
from collections.abc import Callable, Collection
from functools import partial
from itertools import zip_longest
from pathlib import Path
from typing import TypeVar

from labctl.composefile.values import shown
from labctl.errors import InputError, LabError
from labctl.roster.entry import (
    FIELDS,
    RosterEntry,
    parse_cpus,
    parse_folder,
    parse_group,
    parse_memory_octets,
    parse_name,
    parse_pids_limit,
    parse_service,
)
from labctl.settings import LabSettings

SEPARATORS = ",;\t"

Value = TypeVar("Value")


def read_csv(text: str, path: Path, services: Collection[str], errors: list[LabError]) -> list[RosterEntry]:
    """Return the entries of a CSV roster, and append what is wrong to `errors`.

    Columns are separated by commas or, as some spreadsheets do, semicolons or tabs; those after `name`
    may be missing or empty. Several services stand in one cell, separated by blanks. Each line is read
    by itself, for a quote that was forgotten must not hide what is wrong below it.
    """
    lines = enumerate(io.StringIO(text, newline=""), 1)
    written = [(number, line) for number, line in lines if line.strip(f"{SEPARATORS} \r\n")]
    number, heading = written[0] if written else (1, "")
    separator = max(SEPARATORS, key=heading.count)
    columns = [cell.strip().lower() for cell in _split(heading, separator, f"{path.name}:{number}", errors)]
    errors += _find_wrong_columns(columns, f"{path.name}:{number}")
    entries: list[RosterEntry] = []
    for number, line in written[1:] if columns else ():
        where = f"{path.name}:{number}"
        row = _Row(_split(line, separator, where, errors), columns, where, errors)
        if not row.is_empty:
            entries += row.entry(number, path.parent, services)
    return entries


def _split(line: str, separator: str, where: str, errors: list[LabError]) -> list[str]:
    """Return a line's cells; none, and an error more, when its quotes do not match."""
    try:
        return next(csv.reader([line], delimiter=separator, strict=True), [])
    except csv.Error as error:
        errors.append(InputError(f"not CSV: {error}", where=where, hint='quotes in pairs: "a b"'))
        return []


def _find_wrong_columns(columns: list[str], where: str) -> list[LabError]:
    def wrong(what: str) -> InputError:
        return InputError(what, where=where, hint=f"the columns are {', '.join(FIELDS)}")

    errors: list[LabError] = []
    if "name" not in columns:
        errors.append(wrong("column 'name' is missing"))
    errors += [wrong(f"there is no column {shown(each)}") for each in columns if each not in ("", *FIELDS)]
    errors += [wrong(f"column {shown(each)} stands twice") for each in FIELDS if columns.count(each) > 1]
    return errors


class _Row:
    """One line's cells by column; what a cell may not hold is added to the errors."""

    def __init__(self, cells: list[str], columns: list[str], where: str, errors: list[LabError]) -> None:
        self.is_empty = not any(cell.strip() for cell in cells)
        self._cells = {column: cell.strip() for column, cell in zip(columns, cells, strict=False)}
        self._has_name = "name" in columns
        self._where = where
        self._errors = errors
        for column, cell in zip_longest(columns, cells, fillvalue=""):
            if cell.strip() and not column:
                self._complain(f"{shown(cell.strip())} stands under no column")

    def entry(self, line: int, folder: Path, services: Collection[str]) -> list[RosterEntry]:
        """Return the one entry, or none when its name cannot be used."""
        name = self._read("name", parse_name, "", needed=self._has_name)
        chosen = [
            self._parse("services", word, partial(parse_service, known=services), "")
            for word in self._cells.get("services", "").split()
        ]
        settings = LabSettings(
            services=tuple(chosen),
            mem_limit_octets=self._read("mem_limit", parse_memory_octets, 0),
            cpus=self._read("cpus", parse_cpus, 0.0),
            pids_limit=self._read("pids_limit", parse_pids_limit, 0),
        )
        group = self._read("group", parse_group, "")
        work = self._read("work", partial(parse_folder, beside=folder), None)
        return [RosterEntry(name, self._where, line, group, settings, work)] if name else []

    def _read(
        self, column: str, parse: Callable[[str], Value], default: Value, *, needed: bool = False
    ) -> Value:
        text = self._cells.get(column, "")
        return self._parse(column, text, parse, default) if text or needed else default

    def _parse(self, column: str, text: str, parse: Callable[[str], Value], default: Value) -> Value:
        try:
            return parse(text)
        except ValueError as error:
            self._complain(f"{column}: {error}")
            return default

    def _complain(self, what: str) -> None:
        self._errors.append(InputError(what, where=self._where))
