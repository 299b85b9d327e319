"""How a lab is: a row a service, read from the Engine and nothing kept."""

from dataclasses import dataclass

from labctl.engine import Container, Engine
from labctl.features.lifecycle.state import read_state
from labctl.features.parallel import for_each
from labctl.model import Definition, Service

MISSING = "missing"


@dataclass(frozen=True)
class ServiceStatus:
    """One service of one lab.

    Attributes:
        service: its name.
        state: the Engine's word (running, exited, ...), `unhealthy`, or `missing`.
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
    """One lab, all its services in the file's order."""

    lab: str
    services: tuple[ServiceStatus, ...]

    @property
    def is_there(self) -> bool:
        """Whether any of its containers exists."""
        return any(each.state != MISSING for each in self.services)

    @property
    def is_healthy(self) -> bool:
        """Whether every service runs."""
        return all(each.state == "running" for each in self.services)


def read_status(engine: Engine, definition: Definition, name: str, *, memory: bool = True) -> LabStatus:
    """Return how a lab is.

    Args:
        engine: where to ask.
        definition: which services there should be.
        name: the lab's name.
        memory: whether to ask for memory too, which takes a call for each container.
    """
    state = read_state(engine, name)
    networks = {each.name for each in state.networks}

    def row(service: Service) -> ServiceStatus:
        containers = state.of_service(service.name)
        if not containers:
            return ServiceStatus(service.name, MISSING, "", "", "", _listens(service), (), None)
        container = containers[0]
        ipv4, ipv6 = next((a for n, a in container.addresses.items() if n in networks), ("", ""))
        published = container.published if container.state == "running" else ()
        used = engine.memory_octets(container.id) if memory and container.state == "running" else None
        word, since = _state(container)
        return ServiceStatus(service.name, word, since, ipv4, ipv6, _listens(service), published, used)

    return LabStatus(name, tuple(for_each(definition.services.values(), row)))


def _listens(service: Service) -> tuple[str, ...]:
    return tuple(str(listener) for listener in service.listens)


def _state(container: Container) -> tuple[str, str]:
    """Split the Engine's `Up 5 minutes (healthy)` or `Exited (1) 3 hours ago` into word and time."""
    state = "unhealthy" if "(unhealthy)" in container.status else container.state
    since = container.status.partition(" (")[0].removeprefix("Up ")
    if container.state == "exited":
        since = container.status.partition(") ")[2]
    return state, since
