"""No service uses a private name of a library: what learners read stands on what the library promises.

A name with one underscore in front is private (PEP 8). Looked for are attributes of that kind that no
source of ours defines, and methods of ours that replace a private one of a library's class.
"""

import ast
import importlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "services").rglob("*.py"))
# Public in spite of their names, as the library's documentation says: of os, and of named tuples.
DOCUMENTED = {"_exit", "_replace", "_asdict", "_fields", "_make"}
Finding = tuple[int, str]  # line, name


@cache
def parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__") and name not in DOCUMENTED


def defined_in(tree: ast.AST) -> Iterator[str]:
    """Yield the private names that a source defines: functions, classes, variables, attributes of self."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.id if isinstance(node, ast.Name) else node.attr


def used_in(tree: ast.AST) -> Iterator[Finding]:
    """Yield private attributes, and private names imported from elsewhere."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and is_private(node.attr):
            yield node.lineno, node.attr
        elif isinstance(node, ast.ImportFrom) and not (node.module or "").startswith("services"):
            yield from ((node.lineno, each.name) for each in node.names if is_private(each.name))


def replaced_in(tree: ast.Module) -> Iterator[Finding]:
    """Yield private methods of a class that a library's class, named among its bases, has too."""
    libraries = {
        each.asname or each.name: (node.module, each.name)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module and not node.module.startswith("services")
        for each in node.names
    }
    for cls in ast.walk(tree):
        if not isinstance(cls, ast.ClassDef):
            continue
        named = [base.id for base in cls.bases if isinstance(base, ast.Name) and base.id in libraries]
        theirs = [getattr(importlib.import_module(libraries[name][0]), libraries[name][1]) for name in named]
        for each in cls.body:
            if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef) and is_private(each.name):
                yield from ((each.lineno, each.name) for library in theirs if hasattr(library, each.name))


def test_no_private_name_of_a_library_is_used() -> None:
    assert SOURCES
    ours = {name for path in SOURCES for name in defined_in(parse(path))}
    found = [
        f"{path.relative_to(ROOT)}:{line} {name}"
        for path in SOURCES
        for line, name in [
            *((line, name) for line, name in used_in(parse(path)) if name not in ours),
            *replaced_in(parse(path)),
        ]
    ]
    assert found == []


@pytest.mark.parametrize(
    "source",
    [
        "from asyncio import StreamReader\nStreamReader()._buffer.clear()",
        "from threading import _shutdown",
        "from threading import Thread\nclass A(Thread):\n  def _bootstrap(self): ...",
    ],
)
def test_a_private_name_is_found(source: str) -> None:
    tree = ast.parse(source)
    assert [*used_in(tree), *replaced_in(tree)]
