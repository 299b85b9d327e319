"""How a lab is: a row a service, read from the Engine and nothing kept."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from labctl import labels
from labctl.engine import Container, Engine
from labctl.features.lifecycle.dependencies import has_completed
from labctl.features.lifecycle.lab import lab_from
from labctl.features.lifecycle.state import LabState, read_states
from labctl.features.parallel import for_each
from labctl.model import Definition, Service
from labctl.settings import LabSettings

MISSING = "missing"
COMPLETED = "completed"


@dataclass(frozen=True)
class ServiceStatus:
    """One service of one lab.

    Attributes:
        service: its name.
        state: the Engine's word (running, exited, ...), `unhealthy`, `completed`, or `missing`.
        since: how long it has been so, in the Engine's words; empty when missing.
        ipv4: its address in the lab, empty when it is not connected; `ipv6` likewise.
        listens: where it listens in the lab, as `7/tcp`.
        published: where it is reached from the host, as `127.0.0.1:10000/tcp`.
        memory_octets: what it uses, where that is known.
    """

    service: str
    state: str
    since: str
    ipv4: str
    ipv6: str
    listens: tuple[str, ...]
    published: tuple[str, ...]
    memory_octets: int | None


@dataclass(frozen=True)
class LabStatus:
    """One lab.

    Attributes:
        lab: its name.
        services: all of them, in the file's order; of another course's lab those that it has.
        settings: what it has otherwise than the file.
        course: whose it is; empty where nothing of it says so.
    """

    lab: str
    services: tuple[ServiceStatus, ...]
    settings: LabSettings
    course: str

    @property
    def is_there(self) -> bool:
        """Whether any of its containers exists."""
        return any(each.state != MISSING for each in self.services)

    @property
    def is_healthy(self) -> bool:
        """Whether every service runs, or has done what it was to do."""
        return all(each.state in ("running", COMPLETED) for each in self.services)


def read_statuses(
    engine: Engine, definition: Definition, names: Sequence[str], *, memory: bool = True
) -> list[LabStatus]:
    """Return how labs are; the Engine is asked once for all of them.

    Args:
        engine: where to ask.
        definition: which services there should be.
        names: the labs' names.
        memory: whether to ask for memory too, container by container.
    """
    states = read_states(engine, names)
    running = [c.id for state in states.values() for c in state.containers if c.state == "running"]
    used = dict(zip(running, for_each(running, engine.memory_bytes), strict=True)) if memory else {}
    return [_lab_status(definition, name, states[name], used) for name in names]


def _lab_status(
    definition: Definition, name: str, state: LabState, used: Mapping[str, int | None]
) -> LabStatus:
    networks = {each.name: each.labels.get(labels.NETWORK, "") for each in state.networks}
    own = lab_from(definition, name, (), "", state.settings).definition

    def row(service: Service) -> ServiceStatus:
        containers = state.of_service(service.name)
        if not containers:
            return ServiceStatus(service.name, MISSING, "", "", "", _listens(service), (), None)
        container = containers[0]
        on = sorted(container.addresses.keys() & networks, key=lambda each: networks[each] != service.network)
        ipv4, ipv6 = container.addresses[on[0]] if on else ("", "")
        published = container.published if container.state == "running" else ()
        word, since = _state(container)
        if service.name in own.jobs and has_completed(container):
            word = COMPLETED
        return ServiceStatus(
            service.name, word, since, ipv4, ipv6, _listens(service), published, used.get(container.id)
        )

    services: Iterable[Service] = own.services.values()
    if state.course not in (None, definition.course):
        services = [Service(each, "", 0) for each in sorted(state.images)]
    return LabStatus(name, tuple(map(row, services)), state.settings, state.course or "")


def _listens(service: Service) -> tuple[str, ...]:
    return tuple(str(listener) for listener in service.listens)


def _state(container: Container) -> tuple[str, str]:
    """Split the Engine's `Up 5 minutes (healthy)` or `Exited (1) 3 hours ago` into word and time."""
    state = "unhealthy" if "(unhealthy)" in container.status else container.state
    since = container.status.partition(" (")[0].removeprefix("Up ")
    if container.state == "exited":
        since = container.status.partition(") ")[2]
    return state, since
