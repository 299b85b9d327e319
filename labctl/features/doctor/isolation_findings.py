"""The finding on isolation: whether what runs in a lab stays in it."""

from collections.abc import Mapping

from labctl.engine import Engine
from labctl.errors import LabError
from labctl.features.doctor.findings import Finding
from labctl.features.isolation import find_isolation_gaps
from labctl.features.isolation.rules import FAMILIES, families
from labctl.model import Definition

NAME = "isolation"
MEND = "labctl doctor --mend"


def examine_isolation(engine: Engine, definition: Definition, environ: Mapping[str, str]) -> Finding:
    """Tell whether the firewall keeps the labs from the host, from each other and from the outside."""
    try:
        open_ones = find_isolation_gaps(engine, definition, environ)
    except LabError as error:
        said = error.log.splitlines()[-1:] or [error.what]
        return Finding(NAME, False, f"the firewall cannot be looked at: {said[0]}", error.hint or MEND)
    if open_ones is None:
        what = "not known: only root, or an image that is not there yet, can look at the firewall"
        return Finding(NAME, False, what, MEND)
    if open_ones:
        return Finding(NAME, False, f"open over {families(open_ones)}: labs reach the host", MEND)
    return Finding(NAME, True, f"labs are isolated over {' and '.join(FAMILIES)}")
