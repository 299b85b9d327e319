"""The floors and doors of labctl (its package docstring draws them), held by reading its source."""

import ast
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from labctl.composefile import read_definition

ROOT = Path(__file__).parents[2]
LABCTL = ROOT / "labctl"
MODULES = sorted(LABCTL.rglob("*.py"))
SERVICES = read_definition(ROOT / "compose.yaml", {}).services.keys()

FLOORS = {
    **dict.fromkeys(("composefile", "engine", "policy", "waiting"), 1),
    **dict.fromkeys(("errors", "escaping", "cancellation", "model", "labels", "replacing", "settings"), 0),
    **dict.fromkeys(("docker_engine", "roster"), 2),
    "features": 3,
    **dict.fromkeys(("cli", "__main__"), 4),
}
# On these floors one room may open onto the next; on the others each stands alone.
OPEN_FLOORS = (0, 3, 4)

# A room of labctl, and the packages that come in by its door alone.
DOORS = {"yaml": "composefile", "docker": "docker_engine", "click": "cli", "rich": "cli"}
ONLY_STANDARD_LIBRARY = (0, 1)
VAGUE_MODULES = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "managers"}

Finding = tuple[int, str]  # line, what was found there


@cache
def parse(path: Path) -> ast.AST:
    """Return a module's syntax tree."""
    return ast.parse(path.read_text())


def room_of(path: Path) -> str:
    """Return the room a module is in: the first name under `labctl`."""
    return path.relative_to(LABCTL).parts[0].removesuffix(".py")


def imports_of(tree: ast.AST) -> Iterator[Finding]:
    """Yield each imported module, as `labctl.model`; of `from a import b` both `a` and `a.b`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            yield from ((node.lineno, f"{module}.{alias.name}") for alias in node.names)


def relative_imports(tree: ast.AST, _room: str) -> Iterator[Finding]:
    """Find imports that do not name their floor."""
    return (found for found in imports_of(tree) if found[1].startswith("."))


def upward_imports(tree: ast.AST, room: str) -> Iterator[Finding]:
    """Find imports of a room that is not below."""
    for line, name in imports_of(tree):
        package, _, rest = name.partition(".")
        there = rest.partition(".")[0]
        if package != "labctl" or there == room or room == "__init__":
            continue
        floor = FLOORS[room]
        if FLOORS.get(there, 99) > floor or (FLOORS[there] == floor and floor not in OPEN_FLOORS):
            yield line, name


def wrong_doors(tree: ast.AST, room: str) -> Iterator[Finding]:
    """Find packages imported where they have no door."""
    for line, name in imports_of(tree):
        package = name.partition(".")[0]
        if DOORS.get(package, room) != room:
            yield line, name


def sleeps(tree: ast.AST, room: str) -> Iterator[Finding]:
    """Find `sleep` outside `waiting`."""
    if room == "waiting":
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr == "sleep":
            yield node.lineno, ast.unparse(node)
    yield from (found for found in imports_of(tree) if found[1].endswith(".sleep"))


def words_and_exits(tree: ast.AST, room: str) -> Iterator[Finding]:
    """Find printing, and ending the process, outside `cli`."""
    if room in ("cli", "__main__"):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in ("print", "input", "exit", "quit", "SystemExit"):
            yield node.lineno, node.id
        if isinstance(node, ast.Attribute) and ast.unparse(node) in ("sys.exit", "os._exit"):
            yield node.lineno, ast.unparse(node)
    yield from (found for found in imports_of(tree) if found[1] in ("sys.exit", "os._exit"))


WORDS_OF_THE_WEB = {"http", "unix", "proxy"}  # URL schemes and settings, long before they were services


def service_names(tree: ast.AST, _room: str) -> Iterator[Finding]:
    """Find the name of a service of the lab as a text."""
    names = SERVICES - WORDS_OF_THE_WEB
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and node.value in names:
            yield node.lineno, repr(node.value)


def managers(tree: ast.AST, _room: str) -> Iterator[Finding]:
    """Find classes that say no more than that they manage."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and node.name.endswith(("Manager", "Helper", "Utils")):
            yield node.lineno, node.name


RULES = (relative_imports, upward_imports, wrong_doors, sleeps, words_and_exits, service_names, managers)


def test_every_module_of_labctl_is_on_a_floor() -> None:
    assert len(MODULES) > 10
    assert {room_of(path) for path in MODULES} - {"__init__"} <= set(FLOORS)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_labctl_has_no(rule: Callable[[ast.AST, str], Iterator[Finding]]) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}: {what}"
        for path in MODULES
        for line, what in rule(parse(path), room_of(path))
    ]
    assert not found, "\n".join([rule.__doc__ or "", *found])


@pytest.mark.parametrize(
    ("rule", "room", "source"),
    [
        (relative_imports, "features", "from . import up"),
        (upward_imports, "model", "import labctl.engine"),
        (upward_imports, "features", "from labctl import cli"),
        (upward_imports, "engine", "from labctl.composefile import read_definition"),
        (upward_imports, "features", "from labctl.nowhere import x"),
        (wrong_doors, "features", "def f():\n    import docker.errors"),
        (wrong_doors, "model", "from yaml import safe_load"),
        (wrong_doors, "features", "from click import echo"),
        (sleeps, "features", "import time as t\nt.sleep(1)"),
        (sleeps, "engine", "from time import sleep"),
        (words_and_exits, "features", "print(1)"),
        (words_and_exits, "engine", "raise SystemExit(1)"),
        (words_and_exits, "features", "import sys\nsys.exit(1)"),
        (service_names, "features", "if name == 'echo': pass"),
        (managers, "features", "class LabManager: pass"),
    ],
)
def test_each_rule_finds_what_it_is_for(
    rule: Callable[[ast.AST, str], Iterator[Finding]], room: str, source: str
) -> None:
    assert list(rule(ast.parse(source), room))


@pytest.mark.parametrize("room", [room for room, floor in FLOORS.items() if floor in ONLY_STANDARD_LIBRARY])
def test_the_lowest_floors_know_nothing_but_python(room: str) -> None:
    allowed = {"labctl", *sys.stdlib_module_names} | {name for name, door in DOORS.items() if door == room}
    found = [
        f"{path.relative_to(ROOT)}:{line}: {name}"
        for path in MODULES
        if room_of(path) == room
        for line, name in imports_of(parse(path))
        if name.partition(".")[0] not in allowed
    ]
    assert not found, "\n".join(found)


def test_no_module_has_a_name_that_says_nothing() -> None:
    sources = [path for folder in ("labctl", "services", "tests") for path in (ROOT / folder).rglob("*.py")]
    names = {path: {*path.relative_to(ROOT).with_suffix("").parts} for path in sources}
    assert len(names) > 20
    assert not [str(path) for path, parts in names.items() if parts & VAGUE_MODULES]
