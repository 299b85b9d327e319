"""What the machine is like, as far as the way to a running Engine depends on it."""

import getpass
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from labctl.features.provision.commands import find_program, may_be_root, run
from labctl.features.provision.packages import install_allowed
from labctl.features.provision.paths import EnginePaths
from labctl.features.provision.ping import Ping, ping
from labctl.features.provision.processes import pid_in


@dataclass(frozen=True)
class Situation:
    """The facts a plan is made from.

    Attributes:
        ping: what came of asking the Engine.
        address: where it was asked.
        chosen: the user named that Engine by DOCKER_HOST.
        installed: `dockerd` is there (a `docker` client alone runs nothing).
        alive: a dockerd lives, and is starting or hung.
        service: systemd runs this machine and knows the Engine.
        root: we are root or may become it.
        apt: the machine's packages come by apt.
        install_allowed: packages may be installed.
        user: who we are.
    """

    ping: Ping
    address: str
    chosen: bool = False
    installed: bool = False
    alive: bool = False
    service: bool = False
    root: bool = False
    apt: bool = False
    install_allowed: bool = True
    user: str = "root"


def engine_address(environ: Mapping[str, str], paths: EnginePaths) -> str:
    """Return where the Engine is to be asked."""
    return environ.get("DOCKER_HOST") or paths.address


def read_situation(paths: EnginePaths, environ: Mapping[str, str]) -> Situation:
    """Look at the machine; takes long enough to be done only when no Engine answers."""
    address = engine_address(environ, paths)
    # An Engine with arguments of its own is not the one that systemd knows.
    systemd = Path("/run/systemd/system").is_dir() and not paths.arguments
    return Situation(
        ping=ping(address),
        address=address,
        chosen=bool(environ.get("DOCKER_HOST")),
        installed=find_program("dockerd") is not None,
        alive=pid_in(paths.pid_file, "dockerd") is not None,
        service=systemd and run(["systemctl", "cat", "docker.service"]).exit_code == 0,
        root=may_be_root(),
        apt=find_program("apt-get") is not None,
        install_allowed=install_allowed(environ),
        user=_user_name(),
    )


def _user_name() -> str:
    """Return who we are: a name, or the number of a user whom this machine does not know."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.geteuid())
