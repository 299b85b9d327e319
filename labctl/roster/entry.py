"""One lab of a roster: its fields, and what each of them may hold."""

import errno
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from labctl.composefile.place import suggest
from labctl.composefile.values import parse_cpus, parse_memory_bytes, parse_number, shown
from labctl.model import LAB_NAME, LAB_NAME_RULE
from labctl.settings import USUAL, LabSettings

FIELDS = ("name", "group", "services", "mem_limit", "cpus", "pids_limit", "work")
MAX_GROUP = 40


@dataclass(frozen=True)
class RosterEntry:
    """A lab and what it has otherwise than the Compose file says.

    Attributes:
        name: the lab's.
        where: `file:line` of it; `line` is that line.
        group: what it belongs to, for `--group`; empty: nothing.
        settings: its services and limits.
        work: the folder that is to be the learner's home, if any.
        person: whose lab it is, as an exported roster names the learner.
    """

    name: str
    where: str
    line: int
    group: str = ""
    settings: LabSettings = USUAL
    work: Path | None = None
    person: str = ""


def parse_name(text: str) -> str:
    """Return a lab's name.

    Raises:
        ValueError: it cannot be one (here and below: with what is wrong, in words).
    """
    if not LAB_NAME.fullmatch(text):
        raise ValueError(f"{shown(text)} cannot be a lab's name: {LAB_NAME_RULE}")
    return text


def parse_group(text: str) -> str:
    """Return a group's name: any words on one line."""
    if len(text) > MAX_GROUP or not text.isprintable():
        raise ValueError(f"{shown(text)} cannot be a group's name: at most {MAX_GROUP} printable characters")
    return text


def parse_service(text: str, known: Collection[str]) -> str:
    """Return the name of a service there is."""
    if text not in known:
        raise ValueError(f"there is no service {shown(text)}{suggest(text, known)}")
    return text


def parse_pids_limit(text: str) -> int:
    """Return a number of processes; a server needs a handful."""
    return parse_number(text, least=8)


def parse_folder(text: str, beside: Path) -> Path:
    """Return a folder; a relative one begins where the roster lies."""
    if "\0" in text or text.startswith("~"):
        raise ValueError(f"{shown(text)} is no folder's path; begin with ./ or /")
    folder = beside / text
    try:
        folder.stat()
    except OSError as error:
        if error.errno == errno.ELOOP:  # for which resolve() has another error in each Python
            raise ValueError(f"{shown(text)} leads nowhere: its symbolic links go in a circle") from None
    return folder.resolve()


__all__ = [
    "FIELDS",
    "RosterEntry",
    "parse_cpus",
    "parse_folder",
    "parse_group",
    "parse_memory_bytes",
    "parse_name",
    "parse_pids_limit",
    "parse_service",
]
