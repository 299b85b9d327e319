"""What a lab is: the services, network and volumes that a Compose file describes, validated.

Nothing here knows Docker, files or a lab's name. A value is what the Engine will be asked for:
sizes in bytes, times in seconds, words as lists. The words are those of the Compose format.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from labctl.errors import InputError

DEFAULT_LAB = "lab"
DEFAULT_COURSE = "default"  # of a Compose file that names none
ROLE, TOOLBOX = "lab.role", "toolbox"  # the label, and what it says of where clients and checks run
LAB_NAME = re.compile(r"[a-z0-9](?:[a-z0-9_-]{0,38}[a-z0-9])?")
LAB_NAME_RULE = "1 to 40 of a-z, 0-9, '-' and '_', beginning and ending with a letter or digit"


def project_name(lab: str) -> str:
    """Return the Compose project of a lab: `lab` for the default one, else `lab-NAME`."""
    return DEFAULT_LAB if lab == DEFAULT_LAB else f"lab-{lab}"


def validate_lab_name(name: str) -> None:
    """Raise InputError unless the name can be a lab's."""
    if not LAB_NAME.fullmatch(name):
        raise InputError(f"{name[:60]!r} cannot be a lab's name: {LAB_NAME_RULE}")


@dataclass(frozen=True)
class Listener:
    """A port a server listens on in the lab, as `7/tcp`."""

    port: int
    protocol: str

    def __str__(self) -> str:
        return f"{self.port}/{self.protocol}"


@dataclass(frozen=True)
class PublishedPort:
    """A listener that is reachable from the host as well."""

    listener: Listener
    host_ip: str
    host_port: int


@dataclass(frozen=True)
class Mount:
    """A volume of the lab (`source` is its name in the file) or a folder of the host."""

    kind: str  # "volume" or "bind"
    source: str
    target: str
    read_only: bool = False


@dataclass(frozen=True)
class Healthcheck:
    """A command that is run in the container now and then, and fails where the service is not healthy."""

    test: tuple[str, ...]  # as the Engine wants it: ("CMD", ...), ("CMD-SHELL", line) or ("NONE",)
    interval_s: float = 30.0
    timeout_s: float = 30.0
    start_period_s: float = 0.0
    retries: int = 3


@dataclass(frozen=True)
class Build:
    """How an image is built from a folder of ours."""

    context: Path
    dockerfile: str = "Dockerfile"
    target: str | None = None
    args: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class RestartPolicy:
    """What the Engine does when the container ends by itself."""

    name: str = "no"  # "no", "always", "unless-stopped" or "on-failure"
    retries: int = 0


STARTED, HEALTHY, COMPLETED = "service_started", "service_healthy", "service_completed_successfully"


@dataclass(frozen=True)
class Dependency:
    """What must hold of another service before a service is started; not `required`: if it is in the lab."""

    condition: str = STARTED
    required: bool = True


@dataclass(frozen=True)
class Service:
    """One server of the lab, or its toolbox. `line` is where the Compose file defines it."""

    name: str
    image: str
    line: int
    build: Build | None = None
    command: tuple[str, ...] | None = None
    entrypoint: tuple[str, ...] | None = None
    environment: Mapping[str, str] = field(default_factory=dict)  # those of its env_files, too
    env_files: tuple[str, ...] = ()
    user: str | None = None
    working_dir: str | None = None
    hostname: str | None = None
    network: str = "default"  # the first of its networks; the toolbox's is the lab's main one
    aliases: tuple[str, ...] = ()  # its further names there
    more_networks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # name -> aliases there
    ports: tuple[PublishedPort, ...] = ()
    mounts: tuple[Mount, ...] = ()
    tmpfs: Mapping[str, str] = field(default_factory=dict)  # path -> mount options
    read_only: bool = False
    cap_add: tuple[str, ...] = ()
    cap_drop: tuple[str, ...] = ()
    security_opt: tuple[str, ...] = ()
    mem_limit_bytes: int = 0  # 0: no limit, here and below
    pids_limit: int = 0
    cpus: float = 0.0
    shm_size_bytes: int = 0
    ulimits: Mapping[str, tuple[int, int]] = field(default_factory=dict)  # name -> soft, hard
    sysctls: Mapping[str, str] = field(default_factory=dict)
    dns: tuple[str, ...] = ()
    dns_opt: tuple[str, ...] = ()
    extra_hosts: tuple[str, ...] = ()  # "name:address"
    logging_driver: str | None = None
    logging_options: Mapping[str, str] = field(default_factory=dict)
    healthcheck: Healthcheck | None = None
    restart: RestartPolicy = RestartPolicy()
    init: bool = False
    stop_signal: str | None = None
    stop_grace_period_s: float = 10.0
    labels: Mapping[str, str] = field(default_factory=dict)
    depends_on: Mapping[str, Dependency] = field(default_factory=dict)
    profiles: tuple[str, ...] = ()  # none: it is in every lab

    @property
    def networks(self) -> tuple[str, ...]:
        """The file's names of its networks."""
        return (self.network, *self.more_networks)

    @property
    def summary(self) -> str:
        """One line on what it does."""
        return self.labels.get("lab.summary", "")

    @property
    def protocol(self) -> str:
        """What it speaks, for a person to read."""
        return self.labels.get("lab.protocol", "")

    @property
    def pages(self) -> str:
        """What a browser finds at its root, if a person should open it (label `lab.pages`)."""
        return self.labels.get("lab.pages", "")

    @property
    def is_toolbox(self) -> bool:
        """Whether this is where client programs and checks run."""
        return self.labels.get(ROLE) == TOOLBOX

    @property
    def work(self) -> str:
        """Where the learner's work is in it, as a path (label `lab.work`); empty: nowhere."""
        return self.labels.get("lab.work", "")

    @property
    def listens(self) -> tuple[Listener, ...]:
        """Where it listens in the lab, main port first (label `lab.listens`)."""
        words = (word.partition("/") for word in self.labels.get("lab.listens", "").split())
        return tuple(Listener(int(port), protocol or "tcp") for port, _, protocol in words)

    @property
    def probes(self) -> tuple[str, ...]:
        """What to ask its listeners to know that it answers (services/probe.py has the grammar).

        A health check that is a `probe` says it; else each listener is asked for a connection.
        """
        if self.healthcheck is not None and self.healthcheck.test[:2] == ("CMD", "probe"):
            return self.healthcheck.test[2:]
        return tuple(str(listener) for listener in self.listens)


@dataclass(frozen=True)
class Network:
    """A network of a lab: what its services are on, if they are on no other."""

    driver: str = "bridge"
    internal: bool = False
    enable_ipv6: bool = False
    driver_opts: Mapping[str, str] = field(default_factory=dict)
    subnets: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Volume:
    """A volume that outlives the lab's containers."""

    name: str
    driver: str = "local"
    driver_opts: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Definition:
    """A whole Compose file: what every lab made from it looks like.

    `name` is the project's where Compose is given no other; labctl gives each lab's. `course` is whose labs
    these are: the same in every copy of a course's file, so that `--all` means its labs wherever the copy is.
    """

    path: Path
    services: Mapping[str, Service]
    network: Network
    volumes: Mapping[str, Volume]
    name: str = ""
    course: str = DEFAULT_COURSE
    network_key: str = "default"  # the file's name of `network`, the main one: the toolbox's
    more_networks: Mapping[str, Network] = field(default_factory=dict)  # by the file's names

    @property
    def toolbox(self) -> Service | None:
        """The service in which clients and checks run, if there is one."""
        return next((each for each in self.services.values() if each.is_toolbox), None)

    @property
    def networks(self) -> dict[str, Network]:
        """All networks, by the file's names, the main one first."""
        return {self.network_key: self.network, **self.more_networks}

    @property
    def profiles(self) -> frozenset[str]:
        """The names of all profiles there are."""
        return frozenset(name for service in self.services.values() for name in service.profiles)

    @property
    def jobs(self) -> frozenset[str]:
        """The services that are to end: others wait for that."""
        return frozenset(
            name
            for service in self.services.values()
            for name, dependency in service.depends_on.items()
            if dependency.condition == COMPLETED
        )

    def with_needs(self, names: Iterable[str]) -> frozenset[str]:
        """Return services with the toolbox, which asks them, and all that they depend on."""
        toolbox = [self.toolbox.name] if self.toolbox is not None else []
        return self.with_dependencies([*names, *toolbox])

    def with_dependencies(self, names: Iterable[str]) -> frozenset[str]:
        """Return services with all that they depend on, directly or not."""
        found: set[str] = set()
        left = [name for name in names if name in self.services]
        while left:
            if (name := left.pop()) not in found:
                found.add(name)
                needed = self.services[name].depends_on.items()
                left += [each for each, how in needed if how.required and each in self.services]
        return frozenset(found)
