"""One lab: a name and a definition, and from both what its parts are called and made from."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, TypeVar

from labctl import labels
from labctl.engine import NO_NETWORK, ContainerSpec
from labctl.model import DEFAULT_LAB, Definition, Mount, Network, RestartPolicy, Service, project_name
from labctl.settings import USUAL, LabSettings, stored

Number = TypeVar("Number", int, float)

BRIDGE_NAME = "com.docker.network.bridge.name"
# Each health check starts a process; twenty labs' at the file's interval would take a good part of a
# core for ever. labctl asks every server itself, from the toolbox.
CLASS_HEALTH_INTERVAL_S = 24 * 3600.0
# Keys of a service that say when and how its container is created, not what it is.
NOT_OF_THE_CONTAINER: Mapping[str, Any] = {"build": None, "env_files": (), "depends_on": {}, "profiles": ()}
SERVICES_VARIABLE = "LAB_SERVICES"  # services/client/checks.py reads it
BRIDGE_PREFIX = "lab-"  # firewall rules know labs by it


@dataclass(frozen=True)
class Segment:
    """A network of a lab besides its main one.

    Attributes:
        name: what the Engine calls it.
        network: as it is for this lab.
        wanted_subnets: those the file asks for.
    """

    name: str
    network: Network
    wanted_subnets: tuple[str, ...] = ()

    @property
    def hash(self) -> str:
        """Tells whether an existing network was made from today's definition."""
        return _digest({"network": asdict(self.network), "wanted": self.wanted_subnets})


@dataclass(frozen=True)
class Lab:
    """A lab to be: the definition as it holds for this lab alone.

    Attributes:
        name: the lab's name.
        definition: what it is made of.
        network_name: what the Engine calls its network.
        settings: what it has otherwise than the file says; the definition here has them already.
        wanted_subnets: those the file asks for; it has others where these were in use already.
        more: its other networks, by the file's names.
        images: for each service, the image of its container: it may be older than that of the checkout.
    """

    name: str
    definition: Definition
    network_name: str
    settings: LabSettings = USUAL
    wanted_subnets: tuple[str, ...] = ()
    images: Mapping[str, str] = field(default_factory=dict)
    more: Mapping[str, Segment] = field(default_factory=dict)

    @property
    def segments(self) -> dict[str, Segment]:
        """All its networks, by the file's names, the main one first."""
        main = Segment(self.network_name, self.definition.network, self.wanted_subnets)
        return {self.definition.network_key: main, **self.more}

    @property
    def subnets(self) -> tuple[str, ...]:
        """Those of all its networks."""
        return tuple(subnet for each in self.segments.values() for subnet in each.network.subnets)

    @property
    def project(self) -> str:
        """The Compose project."""
        return project_name(self.name)

    @property
    def owner_labels(self) -> dict[str, str]:
        """The labels on everything that belongs to this lab."""
        return {labels.PROJECT: self.project, labels.LAB: self.name, labels.COURSE: self.definition.course}

    @property
    def settings_label(self) -> dict[str, str]:
        """The label that keeps the settings; it says so, too, when there are none."""
        return {labels.SETTINGS: self.settings.as_label()}

    def container_name(self, service: str) -> str:
        """Return the name of a service's container, as Compose v2 forms it."""
        return f"{self.project}-{service}-1"

    def volume_name(self, volume: str) -> str:
        """Return the Engine's name of a volume of the file."""
        return f"{self.project}_{volume}"

    def image_of(self, service: Service) -> str:
        """Return the image that this lab has for a service; that of the file where it has none yet."""
        return self.images.get(service.name, service.image)

    def _network_of(self, service: Service) -> str:
        """Return the Engine's name of a service's first network."""
        return self.segments[service.network].name if self.network_name != NO_NETWORK else NO_NETWORK

    def _more_networks_of(self, service: Service) -> dict[str, tuple[str, ...]]:
        if self.network_name == NO_NETWORK:
            return {}
        return {self.segments[key].name: aliases for key, aliases in service.more_networks.items()}

    def container_spec(self, service: Service, image: str) -> ContainerSpec:
        """Return the container that a service should have.

        Args:
            service: one of the definition's.
            image: what it is created from: a tag or an id. It is not part of the hash, nor is how it is
                built: a lab keeps its images when those of its checkout become newer.
        """
        path = self.definition.path
        kept = self.settings_label if service.is_toolbox else {}
        made_from: dict[str, object] = {"service": _given(replace(service, line=0, **NOT_OF_THE_CONTAINER))}
        if self.settings != USUAL:
            made_from |= kept
        own = {
            **self.owner_labels,
            **kept,
            labels.SERVICE: service.name,
            labels.CONTAINER_NUMBER: "1",
            labels.ONEOFF: "False",
            labels.CONFIG_FILES: str(path),
            labels.WORKING_DIR: str(path.parent),
            labels.CONFIG_HASH: _digest(made_from),
        }
        return ContainerSpec(
            name=self.container_name(service.name),
            service=replace(service, image=image),
            network=self._network_of(service),
            more_networks=self._more_networks_of(service),
            volumes={name: self.volume_name(name) for name in self.definition.volumes},
            labels=own,
        )

    def one_off_spec(self, service: Service, purpose: str, command: tuple[str, ...] | None) -> ContainerSpec:
        """Return a container beside the service's own, made for one purpose and then removed."""
        alone = replace(
            service,
            name=purpose,
            image=self.image_of(service),
            command=command,
            ports=(),
            aliases=(),
            healthcheck=None,
            restart=RestartPolicy(),
        )
        own = {
            **self.owner_labels,
            labels.SERVICE: service.name,
            labels.ONEOFF: "True",
        }
        return ContainerSpec(
            name=f"{self.project}-{service.name}-{purpose}",
            service=alone,
            network=self._network_of(service),
            more_networks=dict.fromkeys(self._more_networks_of(service), ()),
            volumes={name: self.volume_name(name) for name in self.definition.volumes},
            labels=own,
            ephemeral=True,
        )


def usual_network_name(lab: str, network: str = "default") -> str:
    """Return what Compose calls a network of this lab."""
    return f"{project_name(lab)}_{network}"


def wanted_subnets(definition: Definition, name: str, network: str) -> tuple[str, ...]:
    """Return the subnets that the file asks for; it does so for the default lab alone."""
    return definition.networks[network].subnets if name == DEFAULT_LAB else ()


def lab_from(
    definition: Definition,
    name: str,
    subnets: tuple[str, ...],
    network_name: str,
    settings: LabSettings = USUAL,
    more: Mapping[str, tuple[str, tuple[str, ...]]] | None = None,
) -> Lab:
    """Return a lab made from the file's definition: what differs from lab to lab is set here.

    Args:
        definition: the Compose file's, as the default lab uses it.
        name: the lab's.
        subnets: its own, IPv4 and IPv6.
        network_name: the main network's: the usual one, or another where the Engine will not let go of that.
        settings: what this lab has otherwise.
        more: name and subnets of its other networks, by the file's names; None: those do not matter here.

    Every lab has its own subnets and its own bridges. Only the default lab's ports are published;
    the others' networks are internal, on which the Engine publishes nothing.
    """
    chosen = _chosen_services(definition, settings)
    services: Mapping[str, Service] = {
        each.name: _with_settings(each, settings)
        for each in definition.services.values()
        if each.name in chosen
    }
    if settings.services:
        services = {each.name: _told_of(services, each) for each in services.values()}
    services = {each.name: _named_after(name, each, services) for each in services.values()}
    if name != DEFAULT_LAB:
        services = {each.name: _of_a_class(each) for each in services.values()}
    segments: dict[str, Segment] = {}
    for key, network in definition.networks.items():
        unknown = (usual_network_name(name, key), ())
        place = (network_name, subnets) if key == definition.network_key else (more or {}).get(key, unknown)
        own = _own_network(network, name, key, *place)
        segments[key] = Segment(place[0], own, wanted_subnets(definition, name, key))
    main = segments.pop(definition.network_key)
    own_definition = replace(
        definition,
        network=main.network,
        services=services,
        more_networks={key: each.network for key, each in segments.items()},
    )
    return Lab(name, own_definition, network_name, settings, main.wanted_subnets, more=segments)


def _own_network(
    network: Network, lab: str, key: str, network_name: str, subnets: tuple[str, ...]
) -> Network:
    """Return a network of the file as one lab has it: on a bridge that the firewall rules are for."""
    bridge = network.driver_opts.get(BRIDGE_NAME, "")
    if network_name != usual_network_name(DEFAULT_LAB, key) or not bridge.startswith(BRIDGE_PREFIX):
        bridge = BRIDGE_PREFIX + hashlib.sha256(network_name.encode()).hexdigest()[:10]
    return replace(
        network,
        subnets=subnets,
        internal=network.internal or lab != DEFAULT_LAB,
        driver_opts={**network.driver_opts, BRIDGE_NAME: bridge},
    )


def _chosen_services(definition: Definition, settings: LabSettings) -> frozenset[str]:
    """Return the services of a lab: those it names, or those of its profiles; and what these depend on.

    A dependency in a profile that is not chosen is missing, as in Compose; `up` says so.
    """
    every = definition.services.values()
    in_profile = {
        each.name
        for each in every
        if not each.profiles or "*" in settings.profiles or {*each.profiles} & {*settings.profiles}
    }
    named = definition.with_dependencies(settings.services) & (in_profile | {*settings.services})
    return (named if settings.services else frozenset(in_profile)) | {e.name for e in every if e.is_toolbox}


def _with_settings(service: Service, settings: LabSettings) -> Service:
    """Return a service under this lab's limits, the learner's work where this lab has it."""
    service = replace(
        service,
        mem_limit_bytes=_lower(service.mem_limit_bytes, settings.mem_limit_bytes),
        cpus=_lower(service.cpus, settings.cpus),
        pids_limit=_lower(service.pids_limit, settings.pids_limit),
    )
    if not (settings.work and service.work):
        return service
    others = tuple(each for each in service.mounts if each.target != service.work)
    return replace(
        service, user=settings.work_owner, mounts=(Mount("bind", settings.work, service.work), *others)
    )


def _told_of(services: Mapping[str, Service], service: Service) -> Service:
    """Return a toolbox that knows that this lab has only some services; its checks ask for no others."""
    if not service.is_toolbox:
        return service
    return replace(service, environment={**service.environment, SERVICES_VARIABLE: " ".join(services)})


def _named_after(lab: str, service: Service, services: Mapping[str, Service]) -> Service:
    """Return a toolbox whose host name, which its prompt shows, is the lab's.

    The host name leads to the toolbox itself: no server of the lab may have the same name.
    """
    if not service.is_toolbox or service.hostname is not None:
        return service
    taken = {name for each in services.values() for name in (each.name, *each.aliases)}
    free = (each for each in (lab, project_name(lab)) if each not in taken)
    return replace(service, hostname=next(free, None))


def _of_a_class(service: Service) -> Service:
    """Return a service as it is in every lab but the default one: not published, and idle at no cost."""
    health = service.healthcheck
    if health is not None:
        health = replace(health, interval_s=CLASS_HEALTH_INTERVAL_S)
    return replace(service, ports=(), healthcheck=health)


def _lower(limit: Number, cap: Number) -> Number:
    """Return the lower of two limits; 0 is none."""
    return min(limit, cap) if limit and cap else limit or cap


def _given(service: Service) -> dict[str, object]:
    """Return what a service has otherwise than by default: a key that labctl learns changes no hash."""
    default = asdict(Service("", "", 0))
    return stored({name: value for name, value in asdict(service).items() if value != default[name]})


def _digest(value: object) -> str:
    text = json.dumps(value, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
