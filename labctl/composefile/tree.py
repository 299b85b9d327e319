"""YAML text to a tree of nodes that know their lines; the only importer of `yaml`.

The tree is built from the parser's events and not by PyYAML's own composer, for three reasons: the
composer forgets where an alias stands, lets a key stand twice, and follows whatever depth it is
given (in C, until the process dies). Here depth, size and merging are bounded while building.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field

import yaml

from labctl.errors import ComposeFileError, LabError

# Deeper than any Compose file nests (healthcheck.test is 5 deep), far from Python's own limit.
MAX_DEPTH = 50
# What one file may cost to read; the lab's own costs 1 % of it. A file of MAX_BYTES fits unless
# aliases multiply what it holds.
BUDGET = 4 * 1024 * 1024
NODE_COST = 16

CORE = "tag:yaml.org,2002:"
KINDS = {"str", "int", "float", "bool", "null", "seq", "map"}

# As far as a text that the parser refused is read again, by the slower one written in Python.
REREAD_CHARACTERS = 64 * 1024

# What YAML 1.1 lets a text consist of.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_Loader: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_resolve: Callable[[type, str, object], str] = yaml.resolver.Resolver().resolve


@dataclass(slots=True)
class Scalar:
    """A word; `kind` is what YAML takes it for: `str`, `int`, `float`, `bool`, `null`, ..."""

    line: int
    text: str
    kind: str
    height: int = 0


@dataclass(slots=True)
class Sequence:
    """A list."""

    line: int
    items: list["Node"] = field(default_factory=list)
    height: int = 1


@dataclass(slots=True)
class Mapping:
    """Keys with values, merge keys (`<<`) already resolved; each with the line of its key."""

    line: int
    entries: dict[str, tuple[int, "Node"]] = field(default_factory=dict)
    height: int = 1


Node = Scalar | Sequence | Mapping


class TooMuchError(ComposeFileError):
    """The file has cost all it may: nothing more can be read of it."""


class Budget:
    """What is left of the work that one file may cause, across all aliases that repeat it."""

    def __init__(self, left: int = BUDGET) -> None:
        self.left = left

    def spend(self, cost: int, where: str) -> None:
        """Take from what is left.

        Raises:
            TooMuchError: nothing is left.
        """
        self.left -= cost
        if self.left < 0:
            raise TooMuchError("the file holds too much, or its aliases repeat too much", where=where)


def check_characters(text: str, file_name: str) -> None:
    """Refuse a text with characters that no file of ours needs and YAML forbids.

    Raises:
        ComposeFileError: it holds a control character.
    """
    if forbidden := _FORBIDDEN.search(text):
        line = text.count("\n", 0, forbidden.start()) + 1
        what = f"holds the control character {forbidden[0]!r}"
        raise ComposeFileError(what, where=f"{file_name}:{line}")


def read_tree(text: str, file_name: str, budget: Budget, errors: list[LabError] | None = None) -> Node | None:
    """Return the root of the one document in a YAML text; None if there is none.

    Args:
        text: the text.
        file_name: what errors call it.
        budget: what it may cost.
        errors: where wrong keys are collected, after which reading goes on; None: they are raised.

    Raises:
        ComposeFileError: it is not YAML, holds a key twice or one that is no word, a tag, an alias
            of nothing or of itself, several documents, or too much.
    """
    try:
        return _Builder(file_name, budget, errors).build(yaml.parse(text, Loader=_Loader))
    except yaml.MarkedYAMLError as error:
        refused = error
    # Outside of the `except`: what is raised here has no cause that a user should read of.
    mark = refused.problem_mark or yaml.Mark(file_name, 0, 0, 0, "", 0)
    _reread_with_own_limits(text[: mark.index], file_name)
    where = f"{file_name}:{mark.line + 1}"
    if _is_tab(text, mark):
        raise ComposeFileError("not YAML: a tab stands where YAML wants spaces", where=where)
    reason = ", ".join(part for part in (refused.context, refused.problem) if part)
    what = f"not YAML: cannot be read from column {mark.column + 1} on (the parser: {reason})"
    raise ComposeFileError(what, where=where)


def _reread_with_own_limits(text: str, file_name: str) -> None:
    """Read what stands before a refused place again, so that our own limits decide first.

    The parser written in C looks far ahead of the events it has returned, and newer ones have a limit of
    depth of their own: what it refuses may be what we refuse, in other words. The one written in Python
    has no such limit and reads no further than it must.

    Raises:
        ComposeFileError: a limit or a rule of ours is broken there.
    """
    with suppress(yaml.MarkedYAMLError):
        events = yaml.parse(text[:REREAD_CHARACTERS], Loader=yaml.SafeLoader)
        _Builder(file_name, Budget(), []).build(events)


def _is_tab(text: str, mark: yaml.Mark) -> bool:
    lines = text.splitlines()
    return mark.line < len(lines) and lines[mark.line][mark.column :].startswith("\t")


@dataclass(slots=True)
class _Open:
    """A collection whose end has not been seen."""

    node: Sequence | Mapping
    anchor: str | None
    key: tuple[str, int] | None = None  # of a mapping: the key that waits for its value
    merged: "tuple[int, Node] | None" = None  # of a mapping: what stands under its `<<`


class _Builder:
    """Takes one event after the other; `_open` is the way from the root to where we are."""

    def __init__(self, file_name: str, budget: Budget, errors: list[LabError] | None) -> None:
        self._file_name = file_name
        self._budget = budget
        self._errors = errors
        self._open: list[_Open] = []
        self._anchors: dict[str, Node | None] = {}  # None: still open
        self._root: Node | None = None

    def build(self, events: Iterator[yaml.Event]) -> Node | None:
        documents = 0
        for event in events:
            assert event.start_mark is not None  # every event of a parser has one
            line = event.start_mark.line + 1
            if isinstance(event, yaml.ScalarEvent):
                self._add_scalar(event, line)
            elif isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
                self._begin(event, line)
            elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
                self._end()
            elif isinstance(event, yaml.AliasEvent):
                self._add_alias(str(event.anchor), line)
            elif isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise self._error("a second document ('---'); one file is one lab", line)
        return self._root

    def _error(self, what: str, line: int) -> ComposeFileError:
        return ComposeFileError(what, where=f"{self._file_name}:{line}")

    def _complain(self, what: str, line: int) -> None:
        error = self._error(what, line)
        if self._errors is None:
            raise error
        self._errors.append(error)

    def _add_scalar(self, event: yaml.ScalarEvent, line: int) -> None:
        self._check_tag(event.tag, line)
        if forbidden := _FORBIDDEN.search(event.value):  # written as an escape, such as "\0"
            raise self._error(f"holds the control character {forbidden[0]!r}", line)
        tag = event.tag or _resolve(yaml.ScalarNode, event.value, event.implicit)
        node = Scalar(line, event.value, tag.removeprefix(CORE))
        self._remember(event.anchor, node, line)
        self._budget.spend(NODE_COST + len(event.value), f"{self._file_name}:{line}")
        self._add(node, line)

    def _begin(self, event: yaml.MappingStartEvent | yaml.SequenceStartEvent, line: int) -> None:
        self._check_tag(event.tag, line)
        if len(self._open) >= MAX_DEPTH:
            raise self._error(f"nested more than {MAX_DEPTH} deep", line)
        self._check_may_come(line)
        node = Mapping(line) if isinstance(event, yaml.MappingStartEvent) else Sequence(line)
        self._remember(event.anchor, None, line)
        self._open.append(_Open(node, event.anchor))
        self._budget.spend(NODE_COST, f"{self._file_name}:{line}")

    def _end(self) -> None:
        ended = self._open.pop()
        if ended.merged is not None:
            assert isinstance(ended.node, Mapping)
            self._merge(ended.node, *ended.merged)
        if ended.anchor:
            self._anchors[ended.anchor] = ended.node
        self._add(ended.node, ended.node.line)

    def _add_alias(self, anchor: str, line: int) -> None:
        if anchor not in self._anchors:
            raise self._error(f"alias '*{anchor}' of an anchor that does not stand above it", line)
        node = self._anchors[anchor]
        if node is None:
            raise self._error(f"alias '*{anchor}' stands inside what it repeats", line)
        self._add(node, line)

    def _remember(self, anchor: str | None, node: Node | None, line: int) -> None:
        if anchor is None:
            return
        if anchor in self._anchors:
            raise self._error(f"anchor '&{anchor}' stands twice", line)
        self._anchors[anchor] = node

    def _check_tag(self, tag: str | None, line: int) -> None:
        if tag is not None and tag.removeprefix(CORE) not in KINDS:
            raise self._error(f"tag {tag!r} is not supported", line)

    def _check_may_come(self, line: int) -> None:
        """Refuse a list or a mapping where a key is due."""
        if self._open and isinstance(self._open[-1].node, Mapping) and self._open[-1].key is None:
            raise self._error("a key must be a word, not a list or a mapping", line)

    def _add(self, node: Node, line: int) -> None:
        """Put a node where it belongs: into the innermost open collection."""
        if not self._open:
            self._root = node
            return
        top = self._open[-1]
        top.node.height = max(top.node.height, node.height + 1)
        if len(self._open) + node.height > MAX_DEPTH:
            raise self._error(f"nested more than {MAX_DEPTH} deep", line)
        if isinstance(top.node, Sequence):
            top.node.items.append(node)
        elif top.key is None:
            top.key = self._key(top, node, line)
        else:
            (key, key_line), top.key = top.key, None
            if key == "<<":
                top.merged = (key_line, node)
            else:
                top.node.entries[key] = (key_line, node)

    def _key(self, top: _Open, node: Node, line: int) -> tuple[str, int]:
        assert isinstance(top.node, Mapping)
        if not isinstance(node, Scalar):
            raise self._error("a key must be a word, not a list or a mapping", line)
        if node.kind not in ("str", "merge"):
            self._complain(f"YAML reads the key {node.text!r} as {node.kind}: quote it", line)
        if node.kind == "str" and node.text == "<<":
            raise self._error("the merge key '<<' must not be quoted", line)
        if node.text in top.node.entries or (node.text == "<<" and top.merged is not None):
            before = top.merged[0] if node.kind == "merge" and top.merged else top.node.entries[node.text][0]
            self._complain(f"key {node.text!r} stands twice, first in line {before}", line)
        return node.text, line

    def _merge(self, into: Mapping, line: int, source: Node) -> None:
        """Add what `<<` names; the mapping's own keys win, then the earlier source."""
        merged: dict[str, tuple[int, Node]] = {}
        for each in source.items if isinstance(source, Sequence) else [source]:
            if not isinstance(each, Mapping):
                raise self._error("'<<' takes a mapping or a list of mappings", line)
            self._budget.spend(NODE_COST * (1 + len(each.entries)), f"{self._file_name}:{line}")
            merged = each.entries | merged
        into.entries = merged | into.entries
        into.height = max([into.height, *(node.height + 1 for _, node in merged.values())])
