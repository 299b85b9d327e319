"""The finding on labctl's own Python packages: whether they are those it was tested with."""

import re
import sys
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from labctl.features.doctor.findings import Finding

NAME = "packages"
LOCKS = Path(__file__).parents[1] / "provision" / "requirements"
KINDS = ("run", "dev", "bench")  # each holds what the one before it holds

_PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)


def read_lock(path: Path) -> dict[str, set[str]]:
    """Return the versions a lock file has for each package: several where they depend on the Python."""
    versions: dict[str, set[str]] = {}
    for name, number in _PINNED.findall(path.read_text()):
        versions.setdefault(name, set()).add(number)
    return versions


def examine_packages(locks: Path = LOCKS, installed: Callable[[str], str] = version) -> Finding:
    """Report each installed package whose version is not the locked one.

    Args:
        locks: the folder of the lock files; an installed wheel has only the one for `run`.
        installed: gives a package's version, or raises PackageNotFoundError.
    """
    differing: dict[str, str] = {}
    lock = locks / "run.txt"
    for path in (locks / f"{kind}.txt" for kind in KINDS):
        for name, versions in read_lock(path).items() if path.exists() else ():
            try:
                found = installed(name)
            except PackageNotFoundError:
                continue  # of another platform, or of a set-up that is not this one
            if found not in versions and name not in differing:
                differing[name] = f"{name} {found} (locked: {' or '.join(sorted(versions))})"
                lock = path
    if not differing:
        return Finding(NAME, True, "the locked versions", optional=True)
    hint = f"{sys.executable} -m pip install --require-hashes -r {lock}"
    return Finding(NAME, False, ", ".join(differing.values()), hint, optional=True)
