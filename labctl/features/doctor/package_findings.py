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
    compared = set()
    paths = [path for kind in KINDS if (path := locks / f"{kind}.txt").exists()]
    for path in paths:
        for name, versions in read_lock(path).items():
            try:
                found = installed(name)
            except PackageNotFoundError:
                continue  # of another platform, or of a set-up that is not this one
            compared.add(name)
            if found not in versions and name not in differing:
                differing[name] = f"{name} {found} (locked: {' or '.join(sorted(versions))})"
                lock = path
    if not paths:
        return Finding(NAME, True, f"not compared: no lock file in {locks}", optional=True)
    if not differing:
        return Finding(NAME, True, f"{len(compared)} of the versions locked in {locks}", optional=True)
    hint = f"{sys.executable} -m pip install --require-hashes -r {lock}"
    return Finding(NAME, False, ", ".join(differing.values()), hint, optional=True)
