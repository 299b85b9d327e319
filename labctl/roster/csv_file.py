"""A roster as a spreadsheet saves it: a heading of field names, then a line a lab."""

import csv
import io
import re
from collections.abc import Callable, Collection, Sequence
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
    parse_memory_bytes,
    parse_name,
    parse_pids_limit,
    parse_service,
)
from labctl.roster.exported import is_exported, read_person
from labctl.roster.names_file import keep_names, name_labs, names_path, read_known
from labctl.roster.naming import Person
from labctl.settings import LabSettings

SEPARATORS = ",;\t"

Value = TypeVar("Value")


def read_csv(text: str, path: Path, services: Collection[str], errors: list[LabError]) -> list[RosterEntry]:
    """Return the entries of a CSV roster, and append what is wrong to `errors`.

    Columns are separated by commas or, as some spreadsheets do, semicolons or tabs; those after `name`
    may be missing or empty. Several services stand in one cell, separated by blanks, commas or semicolons.
    Each line is read by itself, for a quote that was forgotten must not hide what is wrong below it.
    An export of a course system is recognised by its heading (`exported`): labs are then named after people.
    """
    lines = enumerate(io.StringIO(text, newline=""), 1)
    written = [(number, line) for number, line in lines if line.strip(f"{SEPARATORS} \r\n")]
    number, heading = written[0] if written else (1, "")
    separator = max(SEPARATORS, key=heading.count)
    columns = [cell.strip().lower() for cell in _split(heading, separator, f"{path.name}:{number}", errors)]
    exported = is_exported(columns)
    if not exported:
        errors += _find_wrong_columns(columns, f"{path.name}:{number}")
    rows: list[_Row] = []
    for number, line in written[1:] if columns else ():
        cells = _split(line, separator, f"{path.name}:{number}", errors)
        row = _Row(cells, columns, path.name, number, errors, is_strict=not exported)
        if not row.is_empty:
            rows.append(row)
    if exported:
        return _entries_of_people(rows, path, services, errors)
    return [entry for row in rows for entry in row.entry(path.parent, services)]


def _entries_of_people(
    rows: Sequence["_Row"], path: Path, services: Collection[str], errors: list[LabError]
) -> list[RosterEntry]:
    """Return the entries of an exported roster; the labs' names are written down beside it."""
    by_line = {row.line: row for row in rows}
    people = [person for row in rows if (person := read_person(row.line, row.cells)) is not None]
    known = read_known(names_path(path), errors)
    named = name_labs(people, known, path.name, errors)
    entries = [
        entry
        for lab, person in named
        for entry in by_line[person.line].entry(path.parent, services, name=lab, person=person)
    ]
    if not errors:
        keep_names(names_path(path), known, named)
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

    def __init__(
        self,
        cells: list[str],
        columns: list[str],
        file: str,
        line: int,
        errors: list[LabError],
        *,
        is_strict: bool,
    ) -> None:
        self.line = line
        self.is_empty = not any(cell.strip() for cell in cells)
        self.cells = {column: cell.strip() for column, cell in zip(columns, cells, strict=False)}
        self._has_name = "name" in columns
        self._where = f"{file}:{line}"
        self._errors = errors
        for column, cell in zip_longest(columns, cells, fillvalue=""):
            if is_strict and cell.strip() and not column:
                self._complain(f"{shown(cell.strip())} stands under no column")

    def entry(
        self, folder: Path, services: Collection[str], *, name: str = "", person: Person | None = None
    ) -> list[RosterEntry]:
        """Return the one entry, or none when its name cannot be used; of a person the name is known."""
        name = name or self._read("name", parse_name, "", needed=self._has_name)
        chosen = [
            self._parse("services", word, partial(parse_service, known=services), "")
            for word in re.split(r"[,;\s]+", self.cells.get("services", ""))
            if word
        ]
        settings = LabSettings(
            services=tuple(chosen),
            mem_limit_bytes=self._read("mem_limit", parse_memory_bytes, 0),
            cpus=self._read("cpus", parse_cpus, 0.0),
            pids_limit=self._read("pids_limit", parse_pids_limit, 0),
        )
        group = self._parse("group", person.group if person else self.cells.get("group", ""), parse_group, "")
        work = self._read("work", partial(parse_folder, beside=folder), None)
        shown_as = person.name if person else ""
        return [RosterEntry(name, self._where, self.line, group, settings, work, shown_as)] if name else []

    def _read(
        self, column: str, parse: Callable[[str], Value], default: Value, *, needed: bool = False
    ) -> Value:
        text = self.cells.get(column, "")
        return self._parse(column, text, parse, default) if text or needed else default

    def _parse(self, column: str, text: str, parse: Callable[[str], Value], default: Value) -> Value:
        try:
            return parse(text)
        except ValueError as error:
            self._complain(f"{column}: {error}")
            return default

    def _complain(self, what: str) -> None:
        self._errors.append(InputError(what, where=self._where))
