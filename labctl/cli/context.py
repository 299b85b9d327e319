"""What every verb is given: the Compose file it works from, and the Engine."""

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import click

from labctl import labels
from labctl.cli.compose_search import DEFAULT_FILE, Search, search_upwards
from labctl.cli.options import ALL_COURSES
from labctl.errors import InputError, shown
from labctl.model import DEFAULT_LAB, Definition, validate_lab_name
from labctl.policy import Excess, excess_lines, find_excesses, find_unsafe_images
from labctl.settings import LabSettings

if TYPE_CHECKING:
    from labctl.docker_engine import DockerEngine
    from labctl.engine import Engine


@dataclass(frozen=True)
class Choice:
    """A lab a user means, and what its roster says of it: settings (None: nothing said), folder, person."""

    name: str
    settings: LabSettings | None = None
    work: Path | None = None
    group: str = ""
    person: str = ""


class Context:
    """The Compose file and the Engine, each opened when a verb first needs it."""

    def __init__(self, file: Path | None, *, trust: bool = False) -> None:
        self._file = file
        self.trust = trust

    @cached_property
    def path(self) -> Path:
        """The Compose file: the one named, or the first found from here upwards."""
        if self.path_if_any is None:
            what = self._search.stopped or f"no {DEFAULT_FILE} here or in a folder above"
            raise InputError(what, hint="labctl -f FILE ...")
        return self.path_if_any

    @cached_property
    def path_if_any(self) -> Path | None:
        """The Compose file; None where there is none, for what can do without."""
        return self._file.absolute() if self._file is not None else self._search.path

    @cached_property
    def _search(self) -> Search:
        return search_upwards(Path.cwd(), os.environ)

    @cached_property
    def definition(self) -> Definition:
        """The labs' definition, held to the policy; verbs read it before they ask the Engine.

        Raises:
            InputError: the file asks for more than the policy allows, and `--trust` was not said.
        """
        definition = self.definition_as_read
        self._hold_to_policy(find_excesses(definition), "read the file; if all of it is meant")
        return definition

    def require_safe_images(self, users: Mapping[str, str]) -> None:
        """Hold the images of the labs' services to the policy, too.

        Args:
            users: for each image, the user that its containers run as.

        Raises:
            InputError: the containers of one may run as root, and `--trust` was not said.
        """
        excesses = find_unsafe_images(self.definition, users)
        self._hold_to_policy(excesses, 'user: "1000:1000" in the file; if root is meant')

    def _hold_to_policy(self, excesses: Sequence[Excess], hint: str) -> None:
        lines = excess_lines(excesses)
        if lines and not self.trust:
            raise InputError(
                f"asks for more than a file may that is not trusted: {'; '.join(lines)}",
                where=f"{self.path.name}:{excesses[0].line}" if excesses[0].line else self.path.name,
                hint=f"{hint}: labctl --trust ...",
            )
        for line in lines:
            click.echo(shown(f"trusted, by --trust: {line}"), err=True)

    @cached_property
    def definition_as_read(self) -> Definition:
        """The definition whatever it asks for: for verbs that only look."""
        from labctl.composefile import read_definition  # yaml is not for --help to wait for

        return read_definition(self.path, os.environ)

    @cached_property
    def engine(self) -> "DockerEngine":
        """The Engine, which answers.

        Raises:
            InputError: the Compose file was found in a folder that a lab's learner writes to.
        """
        from labctl.docker_engine import open_engine  # nor is the SDK

        engine = open_engine()
        if self._file is None and self._search.path is not None:
            refuse_work_folder(self._search.path, engine)
        return engine

    def services(self, names: Iterable[str]) -> frozenset[str] | None:
        """Return the services of these names; None, meaning all, when there are no names.

        Raises:
            InputError: one is not in the file.
        """
        chosen = frozenset(names)
        for name in sorted(chosen - self.definition.services.keys()):
            raise InputError(unknown("service", name, self.definition.services), where="--service")
        return chosen or None

    def choose(
        self,
        words: Sequence[str],
        *,
        every: str = "",
        roster: Path | None = None,
        group: str | None = None,
        homes: bool = False,
    ) -> list[Choice]:
        """Return the labs a user means, each once: the default one when nothing is said.

        Args:
            words: names, and patterns of labs there are; of a roster's labs, where one is given.
            every: ALL: all labs of this course; ALL_COURSES: all that this Engine has.
            roster: the file that names them.
            group: of the roster only this group.
            homes: labs of which only the learner's home is left are meant, too.

        Returns:
            The labs; none, and a line on stderr, when all are meant and there is none.

        Raises:
            InputError: a word or the roster cannot be used, or they name no lab.
        """
        from labctl.features.classroom.selection import is_pattern, select_labs

        if every and (words or roster):
            raise InputError("give lab names or --all or --roster")
        if roster is not None:
            return self._choose_from(roster, words, group)
        if group is not None:
            raise InputError("--group needs the roster that has it", hint="--roster class.yaml")
        if every or any(is_pattern(word) for word in words):
            existing = self._existing(homes, None if every == ALL_COURSES else self.course)
            if not existing and every:
                click.echo("there is no lab; try: labctl up", err=True)
            words = existing if every else words
        else:
            existing = []
            words = words or [DEFAULT_LAB]
        return [Choice(name) for name in select_labs(words, existing)]

    @property
    def course(self) -> str | None:
        """Which course the Compose file names; None: there is no file, and all labs are meant."""
        return self.definition_as_read.course if self.path_if_any is not None else None

    def _existing(self, homes: bool, course: str | None) -> list[str]:
        from labctl.features.lifecycle.ownership import read_lab_names

        if not homes:
            return read_lab_names(self.engine, self.path_if_any, course=course)
        from labctl.features.work.home import find_home_volume

        home = find_home_volume(self.definition_as_read)
        return read_lab_names(self.engine, self.path_if_any, course=course, home=home)

    def _choose_from(self, roster: Path, words: Sequence[str], group: str | None) -> list[Choice]:
        from labctl.features.classroom.selection import select_labs
        from labctl.roster import read_roster

        entries = {each.name: each for each in read_roster(roster, self.definition.services)}
        chosen = select_labs(words or ["*"], entries)
        for name in chosen:
            if name not in entries:
                raise InputError(unknown("lab", name, entries), where=f"roster {roster.name}")
        meant = [entries[name] for name in chosen if group is None or entries[name].group == group]
        if not meant:
            groups = sorted({each.group for each in entries.values()} - {""})
            raise InputError(unknown("group", group or "", groups), where=f"roster {roster.name}")
        return [Choice(each.name, each.settings, each.work, each.group, each.person) for each in meant]

    def lab(self, name: str) -> str:
        """Return the name of the one lab a user named.

        Raises:
            InputError: it cannot be a lab's.
        """
        validate_lab_name(name)
        return name


def refuse_work_folder(path: Path, engine: "Engine") -> None:
    """Refuse a Compose file that was found in a learner's home on this host.

    Such a folder may belong to the user who runs labctl: owner and mode do not show it. The Engine does, by
    each lab's settings.

    Raises:
        InputError: the file is in one.
    """
    marked = engine.containers({labels.SETTINGS: None})
    for each in marked:
        work = LabSettings.from_label(each.labels[labels.SETTINGS]).work
        if work and Path(os.path.realpath(path)).is_relative_to(os.path.realpath(work)):
            lab = each.labels.get(labels.LAB, "")
            raise InputError(
                f"{path} is not taken: the folder is the learner's home of lab '{lab}'",
                hint="labctl -f FILE ...",
            )


def unknown(kind: str, name: str, known: Iterable[str]) -> str:
    """Return the sentence for an unknown name: the closest known one, and all of them."""
    from difflib import get_close_matches

    names = sorted(known)
    close = get_close_matches(name, names, 1)
    guess = f"; did you mean '{close[0]}'?" if close else ""
    return f"there is no {kind} '{name}'{guess} (known: {', '.join(names)})"
