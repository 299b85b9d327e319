r"""The `console` blocks of a lesson: which commands they hold, where these run, what is to become of them.

A block is fenced with ```` ```console ````. A command begins with `$ ` and may go on in lines that begin with
`> `; all other lines are what it prints. The builder shows them so that only commands are copied, and the
tests run each command as it stands. A word after `console` says what is different about a block:

    fails     each of its commands ends with an exit code other than 0, and that is the lesson
    by-hand   wants more than one terminal, or somebody who types: no test runs it
"""

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple, cast

Kind = Literal["runs", "fails", "by-hand"]

BLOCK = re.compile(r"^```console(?: (?P<kind>fails|by-hand))?\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
PROMPT, CONTINUATION = "$ ", ">"  # an editor may cut the blank after the latter
HOST_COMMAND = re.compile(r"(labctl|make|source|docker)\b")


class Block(NamedTuple):
    """One console block: its kind, and its lines."""

    kind: Kind
    lines: list[str]

    @property
    def commands(self) -> list[str]:
        """Return the commands as a shell gets them, the lines of each joined by line feeds."""
        found: list[str] = []
        for line in self.lines:
            if line.startswith(PROMPT):
                found.append(line.removeprefix(PROMPT))
            elif line.startswith(CONTINUATION) and found:
                found[-1] += "\n" + line[len(CONTINUATION) :].removeprefix(" ")
        return found

    @property
    def on_host(self) -> bool:
        """Tell whether it is typed on the machine that runs the lab, not in the toolbox."""
        return any(map(HOST_COMMAND.match, self.commands))


def block_of(match: re.Match[str]) -> Block:
    """Return what a match of `BLOCK` holds."""
    return Block(cast(Kind, match["kind"] or "runs"), match["body"].splitlines())


def read_blocks(markdown: str) -> Iterator[Block]:
    """Yield the console blocks of a lesson, in order."""
    return map(block_of, BLOCK.finditer(markdown))
