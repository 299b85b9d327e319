"""The list of what was collected from a class, beside it: for programs (JSON) and for spreadsheets (CSV).

A learner's paths stand in it as text: what is not printable is written out, and no cell is a formula.
"""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from labctl.errors import LabError
from labctl.escaping import escape_bytes
from labctl.features.work.collect import Collected

JSON_FILE, CSV_FILE = "manifest.json", "manifest.csv"
FORMAT, VERSION = "labctl collection", 1
COLUMNS = ("lab", "person", "group", "collected", "path", "file", "size", "sha256", "modified", "left out")
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # how a cell begins that a spreadsheet computes


@dataclass(frozen=True)
class Learner:
    """Whose a lab is, as the roster has it."""

    person: str
    group: str


def render_manifests(
    collected: Sequence[Collected],
    learners: Mapping[str, Learner],
    failed: Mapping[str, LabError],
    when: str,
) -> dict[str, bytes]:
    """Return both lists, by the names of their files.

    Args:
        collected: the labs that are in it.
        learners: whose each lab is, by its name.
        failed: the labs that are not in it, and why.
        when: the collection began; ISO 8601, UTC.
    """
    labs = [_lab_as_data(each, learners[each.lab]) for each in collected]
    lacking = [
        {"lab": lab, "person": learners[lab].person, "group": learners[lab].group, "error": error.what}
        for lab, error in failed.items()
    ]
    head = {"format": FORMAT, "version": VERSION, "collected": when}
    whole = json.dumps({**head, "labs": labs, "failed": lacking}, indent=2).encode() + b"\n"
    return {JSON_FILE: whole, CSV_FILE: _as_csv(collected, learners)}


def _lab_as_data(each: Collected, learner: Learner) -> dict[str, object]:
    return {
        "lab": each.lab,
        "person": learner.person,
        "group": learner.group,
        "collected": each.when,
        "home": each.home,
        "files": [
            {
                "path": _shown(one.path),
                "file": f"{each.lab}/{one.file}",
                "size": one.size_bytes,
                "sha256": one.sha256,
                "modified": one.modified,
            }
            for one in each.files
        ],
        "left_out": [{"path": _shown(path), "reason": reason} for path, reason in each.left_out],
        "left_out_count": each.left_out_count,
    }


def _as_csv(collected: Sequence[Collected], learners: Mapping[str, Learner]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for each in collected:
        learner = learners[each.lab]
        whose = (each.lab, learner.person, learner.group, each.when)
        rows = [
            (one.path, f"{each.lab}/{one.file}", str(one.size_bytes), one.sha256, one.modified, "")
            for one in each.files
        ]
        rows += [(path, "", "", "", "", reason) for path, reason in each.left_out]
        writer.writerows([*map(_cell, whose), *map(_cell, row)] for row in rows or [("",) * 6])
    return text.getvalue().encode("utf-8-sig")  # spreadsheets take it for Latin-1 without the mark


def _shown(path: str) -> str:
    return escape_bytes(path.encode("utf-8", "surrogateescape"))


def _cell(text: str) -> str:
    plain = _shown(text)
    return f"'{plain}" if plain.startswith(FORMULA) else plain
