"""Names of files as any file system and any person can take them, for files that a learner named.

A learner's names are any bytes. What is handed to people has none that a terminal obeys, that Windows
refuses, or that equals another one where upper and lower case are the same.
"""

import os
import unicodedata
from collections.abc import Iterator

UNWANTED = '\\/:*?"<>|'  # of Windows, the slash of all
RESERVED = {
    "con",
    "prn",
    "aux",
    "nul",
    *(f"{port}{number}" for port in ("com", "lpt") for number in range(10)),
}
LONGEST_BYTES = 255 - 12  # of a name, and room for a number after it


class PlainNames:
    """The plain paths given so far: the same path has always the same, and no two have one."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {"": ""}
        self._taken: set[tuple[str, str]] = set()
        self._references: dict[tuple[str, str], int] = {}

    def path(self, path: str) -> str:
        """Return the plain path for a relative path of a home."""
        if path not in self._known:
            folder, _, name = path.rpartition("/")
            above = self.path(folder)
            plain = self._free(above, plain_name(name))
            self._known[path] = f"{above}/{plain}" if above else plain
        return self._known[path]

    def _free(self, folder: str, name: str) -> str:
        key = (folder, _key(name))
        for each in self._candidates(key, name):
            if (folder, _key(each)) not in self._taken:
                self._taken.add((folder, _key(each)))
                return each
        raise AssertionError("there is always a next number")

    def _candidates(self, key: tuple[str, str], name: str) -> Iterator[str]:
        if key not in self._references:
            self._references[key] = 1
            yield name
        stem, dot, suffix = name.rpartition(".")
        while True:
            self._references[key] += 1
            number = f"~{self._references[key]}"
            yield f"{stem}{number}.{suffix}" if stem else f"{dot}{suffix}{number}"


def plain_name(name: str) -> str:
    """Return a name with `_` for each character that not everything can take."""
    text = os.fsencode(name).decode(errors="replace")
    plain = "".join(each if each.isprintable() and each not in UNWANTED else "_" for each in text)
    plain = plain.encode()[:LONGEST_BYTES].decode(errors="ignore")
    plain = plain.rstrip(". ") or "_"
    return f"_{plain}" if plain.partition(".")[0].strip().casefold() in RESERVED else plain


def _key(name: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
