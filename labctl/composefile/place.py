"""A value of the file, seen from the place that uses it: what errors call it, and how it is read.

One node of the tree can stand in many places (anchors); a place knows its path, such as
`services.echo.healthcheck.interval`, for the errors, and the node knows its line.
"""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import TypeVar

from labctl.composefile.interpolation import InterpolationError, interpolate
from labctl.composefile.tree import NODE_COST, Budget, Node, Scalar, Sequence
from labctl.composefile.tree import Mapping as MappingNode
from labctl.composefile.values import parse_flag, shown
from labctl.errors import ComposeFileError

T = TypeVar("T")
D = TypeVar("D")

_PLAIN_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)")
FEW = 10  # so many names are worth listing in one line


@dataclass(frozen=True)
class Source:
    """What is the same for every place of a file."""

    file_name: str
    variables: Mapping[str, str]
    budget: Budget


def suggest(word: str, legal: Collection[str]) -> str:
    """Return `, did you mean 'x'?`, the legal names where they are few, or nothing."""
    import difflib  # only errors need it

    close = difflib.get_close_matches(word, legal, n=1, cutoff=0.7)
    if close:
        return f", did you mean {close[0]!r}?"
    return f" (there is {', '.join(sorted(legal))})" if 0 < len(legal) <= FEW else ""


class Place:
    """One value where it is used."""

    def __init__(self, source: Source, node: Node, path: str, key_line: int) -> None:
        self._source = source
        self._node = node
        self.path = path
        self.key_line = key_line

    @property
    def is_null(self) -> bool:
        """Whether nothing stands here."""
        return isinstance(self._node, Scalar) and self._node.kind == "null"

    @property
    def is_mapping(self) -> bool:
        """Whether keys with values stand here."""
        return isinstance(self._node, MappingNode)

    @property
    def is_list(self) -> bool:
        """Whether a list stands here."""
        return isinstance(self._node, Sequence)

    @property
    def line(self) -> int:
        """Where the value stands in the file."""
        return self._node.line

    @property
    def variables(self) -> Mapping[str, str]:
        """The variables that are put in, here and everywhere in the file."""
        return self._source.variables

    def spend(self, cost: int) -> None:
        """Count what reading this value costs beyond its own text.

        Raises:
            TooMuchError: the file has cost all it may.
        """
        self._source.budget.spend(cost, self._where)

    @property
    def _where(self) -> str:
        """`file:line` of the value."""
        return f"{self._source.file_name}:{self._node.line}"

    def error(self, what: str, *, hint: str = "", line: int | None = None) -> ComposeFileError:
        """Return the error that says what is wrong with this value, or with another line about it."""
        where = f"{self._source.file_name}:{line or self._node.line}"
        return ComposeFileError(f"{self.path}: {what}" if self.path else what, where=where, hint=hint)

    def entries(self) -> dict[str, "Place"]:
        """Return the values of a mapping by their keys, whatever these are."""
        if not isinstance(self._node, MappingNode):
            raise self.error(f"a mapping is needed{self._instead()}")
        self._source.budget.spend(NODE_COST * len(self._node.entries), self._where)
        prefix = f"{self.path}." if self.path else ""
        return {
            key: Place(self._source, node, f"{prefix}{shown(key)[1:-1]}", line)
            for key, (line, node) in self._node.entries.items()
        }

    def fields(self, legal: Collection[str], why_not: Mapping[str, str] | None = None) -> "Fields":
        """Return the values of a mapping whose keys have a meaning; extensions (`x-...`) have none.

        Args:
            legal: the keys there are.
            why_not: for keys that Compose has and we do not, the reason.

        Raises:
            ComposeFileError: another key stands there; its line is that key's.
        """
        fields = {key: place for key, place in self.entries().items() if not key.startswith("x-")}
        for key, place in fields.items():
            if key not in legal:
                reason = (why_not or {}).get(key)
                reason = f": {reason}" if reason else suggest(key, legal)
                raise self.error(f"key {shown(key)} is not supported{reason}", line=place.key_line)
        return Fields(self, fields)

    def entry(self, key: str) -> "Place":
        """Return the value of one key of a mapping, whatever else stands there."""
        return self.entries()[key]

    def elements(self) -> list["Place"]:
        """Return the values of a list."""
        if not isinstance(self._node, Sequence):
            raise self.error(f"a list is needed{self._instead()}")
        self._source.budget.spend(NODE_COST * len(self._node.items), self._where)
        return [
            Place(self._source, node, f"{self.path}[{index}]", node.line)
            for index, node in enumerate(self._node.items)
        ]

    def read(self, parse: Callable[[str], T]) -> T:
        """Return what a function makes of the word here, quoted or not, variables put in.

        Raises:
            ComposeFileError: no word stands here, or the function raised ValueError.
        """
        if not isinstance(self._node, Scalar) or self.is_null:
            raise self.error(f"a value is needed{self._instead()}")
        self._source.budget.spend(NODE_COST + len(self._node.text), self._where)
        try:
            return parse(interpolate(self._node.text, self._source.variables))
        except InterpolationError as error:
            raise self.error(str(error), hint=error.hint) from None
        except ValueError as error:
            raise self.error(str(error)) from None

    def text(self) -> str:
        """Return the text here, which may not be empty nor something YAML reads as a number."""
        text = self.text_or_empty()
        if not text:
            raise self.error("is empty")
        return text

    def text_or_empty(self) -> str:
        """Return the text here."""
        if isinstance(self._node, Scalar) and self._node.kind not in ("str", "null", "merge"):
            raise self.error(f"YAML reads {shown(self._node.text)} as {self._node.kind}: quote it")
        return self.read(str)

    def parsed(self, parse: Callable[[str], T]) -> T:
        """Return what a function makes of the text here; see `text` and `read`."""
        self.text()
        return self.read(parse)

    def flag(self) -> bool:
        """Return the truth value here."""
        return self.read(parse_flag)

    def one_or_several(self) -> list["Place"]:
        """Return the values of a list, or the one value that stands here without one."""
        return self.elements() if self.is_list else [self]

    def texts(self) -> tuple[str, ...]:
        """Return a list of texts."""
        return tuple(element.text() for element in self.elements())

    def pairs(self) -> dict[str, str]:
        """Return names with values, from a mapping or from a list of `name=value`."""
        return {name: value for name, (value, _) in self.located_pairs().items()}

    def located_pairs(self) -> dict[str, tuple[str, "Place"]]:
        """Return names with values and the place each stands in; see `pairs`."""
        if not self.is_list:
            entries = self.entries()
            for name, place in entries.items():
                if not name or "=" in name:
                    raise place.error(f"{shown(name)} is no name to give a value", line=place.key_line)
            return {key: (place._value_text(), place) for key, place in entries.items()}
        pairs: dict[str, tuple[str, Place]] = {}
        for element in self.elements():
            name, equals, value = element.text().partition("=")
            if not equals or not name:
                raise element.error(f"{shown(name)} has no value: write NAME=value")
            if name in pairs:
                raise element.error(f"{shown(name)} stands twice")
            pairs[name] = (value, element)
        return pairs

    def _value_text(self) -> str:
        """Return a value as text; a number is let through if every YAML reads it as it is written."""
        if (
            isinstance(self._node, Scalar)
            and self._node.kind == "int"
            and _PLAIN_NUMBER.fullmatch(self._node.text)
        ):
            return self.read(str)
        return self.text_or_empty()

    def _instead(self) -> str:
        if isinstance(self._node, Sequence):
            return ", not a list"
        if isinstance(self._node, MappingNode):
            return ", not a mapping"
        return "" if self.is_null else f", not {shown(self._node.text)}"


class Fields:
    """The values of a mapping by their keys, and a default for those that are not given."""

    def __init__(self, place: Place, places: dict[str, Place]) -> None:
        self._place = place
        self._places = places

    def __contains__(self, key: str) -> bool:
        return key in self._places

    def __getitem__(self, key: str) -> Place:
        if key not in self._places:
            raise self._place.error(f"key {key!r} is missing", line=self._place.key_line)
        return self._places[key]

    def given(self, key: str, read: Callable[[Place], T], default: D) -> T | D:
        """Return what a function reads under a key, or a default."""
        return read(self._places[key]) if key in self._places else default
