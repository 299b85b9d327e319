"""What an examination of the machine yields: data first, for a table, JSON or a test."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One thing looked at.

    Attributes:
        name: what was looked at, a word or two.
        ok: whether it is as it should be.
        what: what was seen, one line.
        hint: the command that mends it, or what to do; empty when all is well.
        optional: labs work without it.
    """

    name: str
    ok: bool
    what: str
    hint: str = ""
    optional: bool = False
