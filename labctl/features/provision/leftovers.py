"""What an Engine that was killed leaves behind, and keeps the next one from starting.

Tried on Engine 20.10: its containers, their shims and a dead docker.sock are no hindrance; the
new one ends and forgets the containers by itself. These are:

- a docker.pid that names a living process, whichever it is: dockerd refuses to start;
- a containerd.pid that does: dockerd takes that process for its containerd, and waits in vain;
- a containerd that outlived its dockerd: it holds the lock on the containers' records;
- the dead socket of a system's containerd: dockerd waits for it;
- a folder where the socket should be, made by a container that mounted the socket too early.
"""

from dataclasses import dataclass
from pathlib import Path

from labctl.features.provision.commands import as_root, run
from labctl.features.provision.paths import EnginePaths
from labctl.features.provision.ping import listens
from labctl.features.provision.processes import command_lines, name_of
from labctl.waiting import wait_until

END_TIMEOUT_S = 5.0


@dataclass(frozen=True)
class Leftovers:
    """What is in the way: files, folders (empty ones only are removed), processes."""

    files: tuple[Path, ...] = ()
    folders: tuple[Path, ...] = ()
    pids: tuple[int, ...] = ()


def read_leftovers(paths: EnginePaths) -> Leftovers:
    """Return what an Engine left; to be asked only when that Engine does not live any more."""
    stale = [paths.pid_file, paths.containerd_pid_file]
    if not listens(paths.system_containerd):
        stale.append(paths.system_containerd)
    config = paths.containerd_config.resolve()
    return Leftovers(
        files=tuple(file for file in stale if file.exists()),
        folders=tuple(folder for folder in [paths.socket] if folder.is_dir()),
        pids=tuple(
            pid
            for pid, arguments in command_lines("containerd")
            if any(Path(word).resolve() == config for word in arguments if word.endswith(config.name))
        ),
    )


def clear(leftovers: Leftovers) -> None:
    """End the processes, remove the rest."""
    for signal in ("TERM", "KILL"):
        alive = [str(pid) for pid in leftovers.pids if name_of(pid)]
        if alive:
            run(as_root(["kill", f"-{signal}", *alive]))
            wait_until(lambda: not any(map(name_of, leftovers.pids)), timeout_s=END_TIMEOUT_S)
    if leftovers.files:
        run(as_root(["rm", "-f", *map(str, leftovers.files)]))
    if leftovers.folders:
        run(as_root(["rmdir", *map(str, leftovers.folders)]))
