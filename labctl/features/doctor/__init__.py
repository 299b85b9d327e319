"""What is missing on this machine, or too small for a class, and the command that mends it.

Nothing is changed here; everything is looked at afresh and takes well under a second.
"""

import sys
from collections.abc import Callable, Mapping

from labctl.engine import Engine
from labctl.errors import LabError
from labctl.features.doctor.engine_findings import (
    examine_base_image,
    examine_compose,
    examine_disk,
    examine_engine,
    examine_images,
    examine_iptables,
)
from labctl.features.doctor.findings import Finding
from labctl.features.doctor.isolation_findings import examine_isolation
from labctl.features.doctor.limits import examine_limits
from labctl.features.doctor.network_findings import (
    examine_ipv6,
    examine_mtu,
    examine_ports,
    examine_subnets,
)
from labctl.features.doctor.package_findings import examine_packages
from labctl.features.provision.paths import EnginePaths
from labctl.model import Definition

__all__ = ["Finding", "examine"]

OLDEST_PYTHON = (3, 11)


def examine(
    connect: Callable[[], Engine],
    definition: Definition,
    environ: Mapping[str, str],
    *,
    labs: int = 1,
) -> list[Finding]:
    """Look at everything the labs of a class stand on.

    Args:
        connect: gives the Engine, or raises EngineUnavailableError.
        definition: of the labs.
        environ: as `labctl up` would see it.
        labs: how many there are to be at once.

    Returns:
        A finding for each thing looked at.
    """
    paths = EnginePaths()
    findings = [_examine_python(), examine_packages()]
    try:
        engine = connect()
        version = engine.ping()
    except LabError as error:
        findings.append(examine_engine(None, environ, paths, error))
    else:
        findings.append(examine_engine(version, environ, paths))
        findings.append(_unless_refused("images", lambda: examine_images(engine, definition, environ)))
        findings.append(
            _unless_refused("base image", lambda: examine_base_image(engine, definition, environ))
        )
        findings.append(_unless_refused("ports", lambda: examine_ports(engine, definition)))
        findings.append(examine_isolation(engine, definition, environ))
    if not environ.get("DOCKER_HOST"):  # else the labs run on another machine than this one
        findings += [examine_disk(), examine_iptables(), examine_ipv6(), examine_subnets(labs), examine_mtu()]
        findings += examine_limits(containers=labs * len(definition.services))
    findings.append(examine_compose(environ, definition.path.parent))
    return findings


def _unless_refused(name: str, examine_it: Callable[[], Finding]) -> Finding:
    """Return a finding, or the one that says why it could not be looked at."""
    try:
        return examine_it()
    except LabError as error:
        what = ": ".join(filter(None, (error.where, error.what, *error.log.splitlines()[-1:])))
        return Finding(name, False, what, error.hint or "labctl doctor --mend")


def _examine_python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    oldest = ".".join(map(str, OLDEST_PYTHON))
    ok = sys.version_info >= OLDEST_PYTHON
    return Finding("Python", ok, version, "" if ok else f"install Python {oldest} or newer")
