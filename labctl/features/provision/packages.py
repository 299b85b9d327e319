"""The machine's packages, by apt: installed only where it is not forbidden, and never in silence."""

import os
import re
from collections.abc import Mapping, Sequence

from labctl.engine import Progress
from labctl.errors import EngineUnavailableError
from labctl.features.provision.commands import as_root, find_program, may_be_root, run

ENGINE_PACKAGES = ("docker.io", "iptables")
OPTIONAL_ENGINE_PACKAGES = ("docker-cli",)  # from trixie on the client is a package of its own

# A mirror that does not answer must not hold us for minutes; another apt at work may.
PATIENCE = (
    "-oAcquire::http::Timeout=20",
    "-oAcquire::https::Timeout=20",
    "-oAcquire::Retries=1",
    "-oDPkg::Lock::Timeout=180",
)
LOG_LINES_SHOWN = 4


def install_allowed(environ: Mapping[str, str]) -> bool:
    """Return whether the user lets us install packages."""
    return environ.get("LABCTL_NO_INSTALL", "") in ("", "0")


def install_command(packages: Sequence[str], *, sudo: bool) -> str:
    """Return the line a person would type to install packages."""
    prefix = "sudo " if sudo else ""
    return (
        f"{prefix}apt-get update && {prefix}apt-get install -y --no-install-recommends {' '.join(packages)}"
    )


def may_install(environ: Mapping[str, str]) -> bool:
    """Return whether installing packages can be tried at all."""
    return install_allowed(environ) and find_program("apt-get") is not None and may_be_root()


def candidate_version(package: str) -> str | None:
    """Return the version apt would install of a package, or None when it knows none."""
    match = re.search(r"Candidate: (\S+)", run(["apt-cache", "policy", package]).output)
    return None if match is None or match[1] == "(none)" else match[1]


def install(packages: Sequence[str], progress: Progress, *, optional: Sequence[str] = ()) -> None:
    """Install packages with their newest known versions.

    Args:
        packages: all of them are needed.
        progress: called with each step.
        optional: installed as well where apt knows them.

    Raises:
        EngineUnavailableError: apt could not, with its own words.
    """
    environ = {"DEBIAN_FRONTEND": "noninteractive"}
    progress("reading the lists of packages (apt-get update)")
    # A repository of another project may be down: only the installation itself decides.
    updated = run(as_root(["apt-get", *PATIENCE, "update"]))
    run(as_root(["dpkg", "--configure", "-a"]), environ=environ)  # what an interrupted one left
    wanted = [*packages, *(each for each in optional if candidate_version(each))]
    progress(f"installing {', '.join(wanted)} (apt-get install)")
    command = ["apt-get", *PATIENCE, "install", "-y", "--no-install-recommends", *wanted]
    finished = run(
        as_root(["env", *(f"{name}={value}" for name, value in environ.items()), *command]),
        progress=progress,
        worth_telling=is_milestone,
    )
    if finished.exit_code != 0:
        raise EngineUnavailableError(
            f"apt could not install {', '.join(wanted)}",
            log="\n".join([*_unreachable(updated.output), last_complaints(finished.output)]),
            hint=install_command(wanted, sudo=os.geteuid() != 0),
        )


def is_milestone(line: str) -> bool:
    """Return whether a line of apt's output says how far it is."""
    return line.startswith(("Need to get", "Setting up"))


def _unreachable(output: str) -> list[str]:
    """Return one line of `apt-get update` about a mirror that did not answer, if there is one."""
    return re.findall(r"^[WE]: (Failed to fetch .*)$", output, re.MULTILINE)[:1]


def last_complaints(output: str) -> str:
    """Return the lines in which apt or a program like it says what is wrong, else its last ones."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    complaints = [line for line in lines if re.match(r"(E|Err\S*|error|dpkg: error|sudo)\b.*:?", line)]
    return "\n".join((complaints or lines)[-LOG_LINES_SHOWN:])
