"""Where an Engine keeps what concerns us. Tests start a second Engine by giving other places."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class EnginePaths:
    """The places of one Engine; the defaults are dockerd's own.

    Attributes:
        socket: where it answers.
        pid_file: where it writes its process id.
        exec_root: its state that a restart of the machine may lose.
        system_containerd: if this socket exists, dockerd uses it instead of a containerd of its own.
        log: what an Engine started by us writes.
        mark: holds the process id of an Engine that we have started ourselves. Tests may kill that one, and
            none that a service manager or another user has started.
        arguments: of `dockerd`, when we start it.
    """

    socket: Path = Path("/var/run/docker.sock")
    pid_file: Path = Path("/var/run/docker.pid")
    exec_root: Path = Path("/var/run/docker")
    system_containerd: Path = Path("/run/containerd/containerd.sock")
    log: Path = Path("/var/log/labctl-dockerd.log")
    mark: Path = Path("/run/labctl-started-engine.pid")
    arguments: tuple[str, ...] = ()

    @property
    def address(self) -> str:
        """The socket as DOCKER_HOST would name it."""
        return f"unix://{self.socket}"

    @property
    def containerd_pid_file(self) -> Path:
        """Where dockerd notes the process id of the containerd it started."""
        return self.exec_root / "containerd" / "containerd.pid"

    @property
    def containerd_config(self) -> Path:
        """The file by which that containerd is recognised."""
        return self.exec_root / "containerd" / "containerd.toml"
