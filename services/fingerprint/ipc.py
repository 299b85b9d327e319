"""System V message queues, semaphores and shared memory; POSIX ones are files, in `files`."""

from pathlib import Path

from services.fingerprint import Attributes, Facts
from services.fingerprint.processes import numbered

TABLES = Path("/proc/sysvipc")
KINDS = {"msg": "message queue", "sem": "semaphore set", "shm": "shared memory segment"}
TOLD = ("perms", "size", "nsems", "qnum", "uid")  # the other columns are ids, counts of users, and times


def parse_table(kind: str, text: str) -> Facts:
    """Return the objects in /proc/sysvipc/KIND, each by its key."""
    facts: Facts = {}
    header, *lines = text.splitlines()
    for line in lines:
        columns = dict(zip(header.split(), line.split(), strict=False))
        told: Attributes = {name: columns[name] for name in TOLD if name in columns}
        facts[numbered(f"{kind} {int(columns['key']) & 0xFFFFFFFF:#x}", facts)] = told
    return facts


def read_ipc(tables: Path = TABLES) -> Facts:
    """Return all System V objects of this IPC namespace."""
    facts: Facts = {}
    for name, kind in KINDS.items():
        facts |= parse_table(kind, (tables / name).read_text())
    return facts
