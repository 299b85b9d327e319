"""What every verb is given: the Compose file it works from, and the Engine."""

import os
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from labctl.errors import InputError
from labctl.model import DEFAULT_LAB, Definition, validate_lab_name

if TYPE_CHECKING:
    from labctl.docker_engine import DockerEngine

DEFAULT_FILE = "compose.yaml"


class Context:
    """The Compose file and the Engine, each opened when a verb first needs it."""

    def __init__(self, file: Path | None) -> None:
        self._file = file

    @cached_property
    def path(self) -> Path:
        """The Compose file: the one named, or the first found from here upwards."""
        if self._file is not None:
            return self._file.absolute()
        here = Path.cwd()
        for folder in (here, *here.parents):
            if (folder / DEFAULT_FILE).is_file():
                return folder / DEFAULT_FILE
        raise InputError(f"no {DEFAULT_FILE} here or in a folder above", hint="labctl -f FILE ...")

    @cached_property
    def definition(self) -> Definition:
        """The labs' definition."""
        from labctl.composefile import read_definition  # yaml is not for --help to wait for

        return read_definition(self.path, os.environ)

    @cached_property
    def engine(self) -> "DockerEngine":
        """The Engine, which answers."""
        from labctl.docker_engine import open_engine  # nor is the SDK

        engine = open_engine()
        engine.ping()
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

    def labs(self, names: Iterable[str], *, every: bool = False) -> list[str]:
        """Return the labs a user named, each once: the default one for none, with --all all there are.

        Raises:
            InputError: a name cannot be a lab's, or both names and --all were given.
        """
        chosen = list(dict.fromkeys(names))
        if every and chosen:
            raise InputError("give lab names or --all, not both")
        for name in chosen:
            validate_lab_name(name)
        if every:
            from labctl.features.lifecycle.state import read_lab_names

            return read_lab_names(self.engine)
        return chosen or [DEFAULT_LAB]


def unknown(kind: str, name: str, known: Iterable[str]) -> str:
    """Return the sentence for an unknown name: the closest known one, and all of them."""
    from difflib import get_close_matches

    names = sorted(known)
    close = get_close_matches(name, names, 1)
    guess = f"; did you mean '{close[0]}'?" if close else ""
    return f"there is no {kind} '{name}'{guess} (known: {', '.join(names)})"
