"""Which files of a build's folder the Engine never sees: the rules of a .dockerignore file."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

NAME = ".dockerignore"


def read_ignored(context: Path) -> Callable[[str], bool]:
    """Return the test of a build folder: given a path relative to it, whether it is left out."""
    file = context / NAME
    return parse_ignored(file.read_text("utf-8", "surrogateescape") if file.is_file() else "")


def parse_ignored(text: str) -> Callable[[str], bool]:
    """Return the test that the text of a .dockerignore file stands for.

    A pattern leaves out what it names and everything below; `!` takes back in; the last rule that
    speaks of a path wins. Inside a folder that is left out nothing is taken back in.
    """
    rules = []
    for line in text.splitlines():
        word = line.strip()
        if word and not word.startswith("#"):
            taken_back = word.startswith("!")
            pattern = word.lstrip("!").strip().strip("/").removeprefix("./")
            rules.append((re.compile("".join(_expressions(pattern))), not taken_back))

    def ignored(path: str) -> bool:
        verdict = False
        for expression, leaves_out in rules:
            if leaves_out is not verdict and expression.fullmatch(path):
                verdict = leaves_out
        return verdict

    return ignored


def _expressions(pattern: str) -> Iterator[str]:
    for word in re.findall(r"\*\*/?|\*|\?|\[[^]]*\]|.", pattern):
        match word:
            case "**/":
                yield "(?:.*/)?"
            case "**":
                yield ".*"
            case "*":
                yield "[^/]*"
            case "?":
                yield "[^/]"
            case _:
                yield word if word.startswith("[") else re.escape(word)
    yield "(?:/.*)?"
