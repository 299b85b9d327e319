"""The roster: which labs a class has, read from YAML or CSV and validated.

    entry (one lab's fields and what each may hold) <- yaml_file, csv_file (text to entries)
    naming (a lab's name for a person) <- exported (whose columns), names_file (names that stay) <- csv_file

An instructor mends a roster once: all that is wrong in it is listed together, each with its line.
"""

import codecs
from collections.abc import Collection
from pathlib import Path

from labctl.composefile.tree import check_characters
from labctl.errors import InputError, LabError, SeveralErrors
from labctl.roster.csv_file import read_csv
from labctl.roster.entry import RosterEntry
from labctl.roster.yaml_file import read_yaml

__all__ = ["RosterEntry", "read_roster"]

MAX_BYTES = 1024 * 1024  # a thousand labs with all their choices take a tenth of it
READERS = {".csv": read_csv, ".tsv": read_csv, ".yaml": read_yaml, ".yml": read_yaml}


def read_roster(path: Path, services: Collection[str]) -> list[RosterEntry]:
    """Return the entries of a roster, in the file's order.

    Args:
        path: the file; its suffix says the format.
        services: the names of the services an entry may choose from.

    Raises:
        InputError: the file cannot be read, or there is one thing wrong in it.
        SeveralErrors: there are several, each an InputError with file and line.
    """
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise InputError("is neither .yaml nor .csv", where=f"roster {path.name}")
    text = _read(path)
    errors: list[LabError] = []
    entries = reader(text, path, frozenset(services), errors)
    errors += _find_duplicates(entries) + _find_shared_folders(entries)
    errors.sort(key=_line)
    if not errors and not entries:
        raise InputError("names no lab", where=path.name, hint="labs: [ana, ben]")
    if errors:
        raise errors[0] if len(errors) == 1 else SeveralErrors(errors)
    return entries


def _line(error: LabError) -> int:
    return int(error.where.rpartition(":")[2])


def _read(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", where=f"roster {path}") from None
    if len(data) > MAX_BYTES:
        raise InputError(f"is larger than {MAX_BYTES} bytes", where=f"roster {path}")
    # Spreadsheets put a mark before their UTF-8, and save "Unicode text" as UTF-16.
    encoding = "utf-16" if data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise InputError("is not UTF-8", where=f"{path.name}:{line}", hint="save it as UTF-8") from None
    check_characters(text, path.name)
    return text


def _find_duplicates(entries: list[RosterEntry]) -> list[InputError]:
    """Return an error for each name that stands again."""
    errors: list[InputError] = []
    names: dict[str, RosterEntry] = {}
    for entry in entries:
        first = names.setdefault(entry.name, entry)
        if first is not entry:
            errors.append(
                InputError(f"name '{entry.name}' stands twice, first in line {first.line}", where=entry.where)
            )
    return errors


def _find_shared_folders(entries: list[RosterEntry]) -> list[InputError]:
    """Return an error for each work folder that is another lab's, lies in one, or holds one."""
    errors: list[InputError] = []
    folders: dict[Path, RosterEntry] = {}
    holding: dict[Path, RosterEntry] = {}  # each folder above a work folder, and the first below it
    for entry in entries:
        if entry.work is None:
            continue
        same, held = folders.get(entry.work), holding.get(entry.work)
        around = next((folders[each] for each in entry.work.parents if each in folders), None)
        for other, is_to_it in ((same, "is"), (around, "lies in"), (held, "holds")):
            if other is not None and other.name != entry.name:
                what = f"work folder of '{entry.name}' {is_to_it} that of '{other.name}'"
                errors.append(InputError(what, where=entry.where))
                break
        folders.setdefault(entry.work, entry)
        for each in entry.work.parents:
            holding.setdefault(each, entry)
    return errors
