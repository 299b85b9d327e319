"""A roster in YAML: a list of labs under `labs`, and under `defaults` what holds for all of them."""

from collections.abc import Callable, Collection
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TypeVar

from labctl.composefile.place import Fields, Place, Source, suggest
from labctl.composefile.tree import Budget, TooMuchError, read_tree
from labctl.composefile.values import shown
from labctl.errors import ComposeFileError, InputError, LabError
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
from labctl.settings import LabSettings

Value = TypeVar("Value")
Default = TypeVar("Default")

NOTHING = RosterEntry("", "", 0)  # what an entry begins as


def read_yaml(text: str, path: Path, services: Collection[str], errors: list[LabError]) -> list[RosterEntry]:
    """Return the entries of a YAML roster, and append what is wrong to `errors`.

    A list alone is a list of labs. An entry is a name alone or a mapping; its fields are the columns
    of a CSV roster.
    """
    reader = _Reader(path, services, errors)
    try:
        budget = Budget()
        root = read_tree(text, path.name, budget, errors)
        if root is None:
            return []
        whole = Place(Source(path.name, {}, budget), root, "", 1)
        if whole.is_list:
            return [entry for place in whole.elements() for entry in reader.read_entry(place, NOTHING)]
        fields = reader.known_fields(whole, ("labs", "defaults"))
        common = reader.read_defaults(fields["defaults"]) if "defaults" in fields else NOTHING
        return [entry for place in fields["labs"].elements() for entry in reader.read_entry(place, common)]
    except ComposeFileError as error:
        errors.append(error)
        return []


class _Reader:
    """Reads entries; a value that cannot be used is added to the errors and counts as not given."""

    def __init__(self, path: Path, services: Collection[str], errors: list[LabError]) -> None:
        self._path = path
        self._services = services
        self._errors = errors

    def read_defaults(self, place: Place) -> RosterEntry:
        """Return the entry that all others begin as; a work folder's `{name}` is each lab's name."""
        return self._kept(lambda: self._read_fields(self.known_fields(place, FIELDS[1:]), NOTHING), NOTHING)

    def read_entry(self, place: Place, common: RosterEntry) -> list[RosterEntry]:
        """Return the one entry that stands here, or none when it has no name that can be used."""
        return self._kept(lambda: [self._read_one(place, common)], list[RosterEntry]())

    def _read_one(self, place: Place, common: RosterEntry) -> RosterEntry:
        if not place.is_mapping:
            return self._begin(place, common)
        fields = self.known_fields(place, FIELDS)
        entry = self._read_fields(fields, replace(common, work=None))
        return self._begin(fields["name"], replace(entry, work=entry.work or common.work))

    def known_fields(self, place: Place, legal: Collection[str]) -> Fields:
        """Return the fields there are; a key that has no meaning is an error and is passed over.

        Extensions (`x-...`) are passed over too, and are no error.
        """
        places = {key: each for key, each in place.entries().items() if not key.startswith("x-")}
        for key, each in places.items():
            if key not in legal:
                what = f"key {shown(key)} is not supported{suggest(key, legal)}"
                self._errors.append(place.error(what, line=each.key_line))
        return Fields(place, {key: each for key, each in places.items() if key in legal})

    def _begin(self, place: Place, common: RosterEntry) -> RosterEntry:
        name = place.read(parse_name)
        work = Path(str(common.work).replace("{name}", name)) if common.work else None
        return replace(common, name=name, where=f"{self._path.name}:{place.line}", line=place.line, work=work)

    def _read_fields(self, fields: Fields, entry: RosterEntry) -> RosterEntry:
        """Return an entry with what is given here put in."""
        had = entry.settings
        settings = LabSettings(
            services=tuple(self._read_services(fields)) if "services" in fields else had.services,
            mem_limit_bytes=self._given(fields, "mem_limit", parse_memory_bytes, had.mem_limit_bytes),
            cpus=self._given(fields, "cpus", parse_cpus, had.cpus),
            pids_limit=self._given(fields, "pids_limit", parse_pids_limit, had.pids_limit),
        )
        group = self._given(fields, "group", parse_group, entry.group)
        work = self._given(fields, "work", partial(parse_folder, beside=self._path.parent), entry.work)
        return replace(entry, settings=settings, group=group, work=work)

    def _read_services(self, fields: Fields) -> list[str]:
        chosen: list[str] = []
        for place in self._kept(fields["services"].one_or_several, list[Place]()):
            name = self._kept(partial(place.read, partial(parse_service, known=self._services)), "")
            chosen += [name] if name else []
        return chosen

    def _given(
        self, fields: Fields, key: str, parse: Callable[[str], Value], default: Default
    ) -> Value | Default:
        return self._kept(partial(fields[key].read, parse), default) if key in fields else default

    def _kept(self, read: Callable[[], Value], default: Default) -> Value | Default:
        try:
            return read()
        except TooMuchError:
            raise
        except InputError as error:
            self._errors.append(error)
            return default
