"""What labctl asks of a Docker Engine: a small Protocol, and the values it speaks in.

The real one is `docker_engine`; unit tests use a fake. Every method raises EngineError, with the
Engine's own words as evidence, when the Engine refuses, and EngineUnavailableError when it is gone. After
cancellation (`labctl.cancellation`) it raises Cancelled instead; only `remove` still does its work.
"""

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Protocol

from labctl.model import Network, Service, Volume

Progress = Callable[[str], None]
NO_NETWORK = "none"  # what the Engine calls it when a container has no network
HOST_NETWORK = "host"  # and when it has its host's own


@dataclass(frozen=True)
class ContainerSpec:
    """A container to be made: a service of a lab, and what only this lab knows.

    Attributes:
        name: the container's name.
        service: its definition.
        network: the Engine's name of the lab's network, or NO_NETWORK, or HOST_NETWORK. The service's aliases
            are for this one.
        more_networks: the Engine's names of further networks, each with the service's aliases there.
        volumes: for each volume of the definition, the Engine's name of it.
        labels: on top of the service's own.
        ephemeral: the Engine removes the container when it ends.
        shim: containers that name the same one share it: the process by which the Engine keeps them.
            None: one of its own. Engines before 24 pass this over.
    """

    name: str
    service: Service
    network: str
    volumes: Mapping[str, str]
    labels: Mapping[str, str]
    ephemeral: bool = False
    shim: str | None = None
    more_networks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Container:
    """A container the Engine has. `state` and `status` are the Engine's words."""

    id: str
    name: str
    state: str  # created, restarting, running, removing, paused, exited or dead
    status: str  # "Up 5 minutes (healthy)"
    image_id: str
    labels: Mapping[str, str] = field(default_factory=dict)
    addresses: Mapping[str, tuple[str, str]] = field(default_factory=dict)  # network -> IPv4, IPv6
    published: tuple[str, ...] = ()  # "127.0.0.1:10000/tcp"


@dataclass(frozen=True)
class ExistingNetwork:
    """A network the Engine has, of whatever project."""

    id: str
    name: str
    subnets: tuple[str, ...]
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ExistingImage:
    """An image the Engine has; without tags when it only is part of others, or was left over."""

    id: str
    tags: tuple[str, ...]
    labels: Mapping[str, str] = field(default_factory=dict)
    size_bytes: int = 0


@dataclass(frozen=True)
class Finished:
    """What a command left: its exit code and what it printed."""

    exit_code: int
    output: str


@dataclass(frozen=True)
class OutputLine:
    """A line that a command printed, without its end, and whether to standard error."""

    text: str
    is_error: bool = False


# What a command in a container may take before labctl stops waiting for it. A learner may be the one who
# keeps it from ending, or fills its output.
EXEC_TIMEOUT_S = 60.0
EXEC_LIMIT_BYTES = 8 << 20


class Engine(Protocol):
    """A Docker Engine, as far as labctl needs one."""

    def ping(self) -> str:
        """Return the Engine's version."""

    def time(self) -> float:
        """Return the Engine's time, by which it stamps the lines of a log: seconds since the epoch, UTC."""

    def containers(self, labels: Mapping[str, str | None]) -> list[Container]:
        """Return all containers, running or not, that carry these labels (None: any value)."""

    def create(self, spec: ContainerSpec) -> str:
        """Make a container and return its id."""

    def start(self, container_id: str) -> None:
        """Start a container; one that runs is unchanged."""

    def kill(self, container_id: str, signal: str) -> None:
        """Send PID 1 of a container a signal."""

    def remove(self, container_id: str) -> None:
        """End and remove a container; one that is gone is no error."""

    def execute(
        self,
        container_id: str,
        argv: Sequence[str],
        *,
        user: str | None = None,
        timeout_s: float = EXEC_TIMEOUT_S,
        limit_bytes: int = EXEC_LIMIT_BYTES,
    ) -> Finished:
        """Run a command in a running container and wait for its end.

        Args:
            container_id: which container.
            argv: the command.
            user: `uid:gid` to run it as; None: the container's own.
            timeout_s: how long to wait; then it is an EngineError. The command itself may go on.
            limit_bytes: how much it may print; more is an EngineError.
        """

    def stream(
        self,
        container_id: str,
        argv: Sequence[str],
        *,
        timeout_s: float = EXEC_TIMEOUT_S,
        limit_bytes: int = EXEC_LIMIT_BYTES,
    ) -> Iterator[OutputLine]:
        """Run a command in a running container and yield its lines as they come; limits as for `execute`."""

    def converse(self, container_id: str, argv: Sequence[str], *, user: str | None = None) -> int:
        """Run a command in a running container with the caller's own streams; return its exit code."""

    def logs(
        self,
        container_id: str,
        *,
        tail: int | None,
        follow: bool,
        timestamps: bool,
        since: float | None = None,
    ) -> Iterator[bytes]:
        """Yield what a container wrote, oldest first, in pieces: a line, or of a long one a part, each.

        Args:
            container_id: which container.
            tail: only so many of the last pieces; None: all.
            follow: go on with what it will write.
            timestamps: begin each with the Engine's time of it.
            since: of these only what was written from this time of the Engine's on; None: whenever.
        """

    def read_folder(self, container_id: str, path: str) -> Generator[bytes, None, None]:
        """Yield a folder and all in it as a tar, in pieces; the container need not run.

        Names begin with the folder's own. Sockets are left out, times are in whole seconds. A tar that is
        cut off is how a file shows that shrank meanwhile. Close what is not read to its end: until then the
        Engine cannot remove the container.
        """

    def write_folder(self, container_id: str, path: str, tar: Iterable[bytes]) -> None:
        """Unpack a tar into a folder, with owners, modes and times; the container need not run."""

    def memory_bytes(self, container_id: str) -> int | None:
        """Return what a running container's processes use, page cache left out, if it is known."""

    def networks(self) -> list[ExistingNetwork]:
        """Return all networks."""

    def create_network(self, name: str, network: Network, labels: Mapping[str, str]) -> None:
        """Make a network."""

    def remove_network(self, network_id: str) -> None:
        """Remove a network, whatever still hangs on it; one that is gone is no error."""

    def volumes(self, labels: Mapping[str, str | None]) -> list[str]:
        """Return the names of the volumes that carry these labels."""

    def volume_labels(self, labels: Mapping[str, str | None]) -> dict[str, Mapping[str, str]]:
        """Return the labels of the volumes that carry these ones, by the volumes' names."""

    def create_volume(self, name: str, volume: Volume, labels: Mapping[str, str]) -> None:
        """Create a volume; one that exists is unchanged."""

    def remove_volume(self, name: str) -> None:
        """Remove a volume; one that is gone is no error."""

    def image_id(self, tag: str) -> str | None:
        """Return the id an image tag points to, or None."""

    def image_label(self, tag: str, label: str) -> str | None:
        """Return a label of an image, or None when the image or the label is missing."""

    def image_user(self, tag: str) -> str | None:
        """Return the user that an image's containers run as, `USER[:GROUP]`, or None when it is missing."""

    def build_image(
        self,
        *,
        context: Path,
        dockerfile: str,
        target: str | None,
        args: Mapping[str, str],
        labels: Mapping[str, str],
        tag: str,
        progress: Progress,
        layer: Callable[[str], None],
    ) -> None:
        """Build an image from a folder, reporting each step, and the id of each layer as it is there."""

    def list_images(self) -> list[ExistingImage]:
        """Return the images that have tags, and those that neither have one nor are part of another."""

    def tag_image(self, image_id: str, tag: str) -> None:
        """Give an image one more tag; another image loses it."""

    def import_image(self, tar: IO[bytes], tag: str, labels: Mapping[str, str]) -> None:
        """Make an image from a root file system."""

    def pull_image(self, tag: str, progress: Progress) -> bool:
        """Fetch an image from its registry; return whether it is here now."""

    def remove_image(self, reference: str) -> None:
        """Take a tag away, and with its last tag the image; by its id, one without a tag.

        What is gone is no error. An image that a container uses stays; so does, by its id, one that has tags.
        """
