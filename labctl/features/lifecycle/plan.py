"""What there is to do to make a lab right: a pure decision over its definition and its state."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from labctl import labels
from labctl.engine import Container, ContainerSpec
from labctl.features.lifecycle.dependencies import has_completed
from labctl.features.lifecycle.images import CheckoutImage
from labctl.features.lifecycle.lab import Lab
from labctl.features.lifecycle.state import LabState
from labctl.model import Service


@dataclass(frozen=True)
class UpPlan:
    """Steps in their order: what is removed, what is created, and what is unchanged.

    Attributes:
        remove_containers: each with why it goes.
        create_network: whether the lab's network must be made.
        create: containers to be made and started.
        keep: what runs well, by service, of those that are wanted.
        outdated: of these the services whose image is another one than the checkout's.
    """

    remove_containers: tuple[tuple[Container, str], ...]
    create_network: bool
    create: tuple[ContainerSpec, ...]
    keep: Mapping[str, Container]
    outdated: tuple[str, ...] = ()

    @property
    def created(self) -> dict[str, str]:
        """The services that get a container and have none, each with why."""
        return {name: "it was missing" for name in self._made if name not in self.recreated}

    @property
    def recreated(self) -> dict[str, str]:
        """The services whose container is replaced, each with why."""
        gone = {each.labels.get(labels.SERVICE, ""): why for each, why in self.remove_containers}
        return {name: why for name, why in gone.items() if name in self._made}

    @property
    def removed(self) -> dict[str, str]:
        """The containers that are removed and not replaced, each with why."""
        return {
            each.name: why
            for each, why in self.remove_containers
            if each.labels.get(labels.SERVICE) not in self._made
        }

    @property
    def _made(self) -> list[str]:
        return [spec.service.name for spec in self.create]


def plan_up(
    lab: Lab,
    state: LabState,
    images: Mapping[str, CheckoutImage],
    *,
    services: frozenset[str] | None = None,
    broken: Mapping[str, str] | None = None,
    upgrade: bool = False,
    spared: Collection[str] = (),
) -> UpPlan:
    """Decide what makes the lab right.

    Args:
        lab: what it should be; its images are those that it has had.
        state: what there is.
        images: those of the checkout, by the file's names for them. A lab keeps its own, save where a
            service is new or its definition has changed.
        services: only these, where not all are wanted.
        broken: services found out not to work though they run, each with why.
        upgrade: take the checkout's images.
        spared: ids of containers that stay though the lab has no such service.
    """
    remove: list[tuple[Container, str]] = []
    create: list[ContainerSpec] = []
    keep: dict[str, Container] = {}
    outdated: list[str] = []
    for service in lab.definition.services.values():
        if services is not None and service.name not in services:
            continue
        newest = images.get(service.image)
        spec = lab.container_spec(service, _image_for(lab, service, newest, upgrade))
        for container in state.of_service(service.name):
            is_newest = newest is None or container.image_id == newest.id
            reason = (broken or {}).get(service.name, "") or _reason_against(
                container, spec, is_job=service.name in lab.definition.jobs
            )
            if newest is not None and newest.id is not None and _definition_has_changed(container, spec):
                spec = lab.container_spec(service, newest.reference)
            if upgrade and not is_newest:
                reason = reason or "the checkout has another image"
            if service.name in keep:
                reason = "it is there twice"
            if reason:
                remove.append((container, reason))
            else:
                keep[service.name] = container
                outdated += [] if is_newest else [service.name]
        if service.name not in keep:
            create.append(spec)
    known = lab.definition.services
    remove += [
        (each, "this lab has no such service")
        for each in state.containers
        if labels.LAB in each.labels
        and each.labels.get(labels.SERVICE) not in known
        and each.id not in spared
    ]
    has_network = any(each.name == lab.network_name for each in state.networks)
    return UpPlan(tuple(remove), not has_network, tuple(create), keep, tuple(outdated))


def _image_for(lab: Lab, service: Service, newest: CheckoutImage | None, upgrade: bool) -> str:
    if newest is not None and (upgrade or service.name not in lab.images):
        return newest.reference
    return lab.image_of(service)


def _reason_against(container: Container, spec: ContainerSpec, *, is_job: bool) -> str:
    """Say why a container cannot stay as it is; empty when it can."""
    if is_job and has_completed(container):
        return "its definition has changed" if _definition_has_changed(container, spec) else ""
    if container.state != "running":
        return f"it is {container.state}"
    if "(unhealthy)" in container.status:
        return "it is unhealthy"
    if _definition_has_changed(container, spec):
        return "its definition has changed"
    for network in (spec.network, *spec.more_networks):
        if not any(container.addresses.get(network, ("", ""))):
            return f"it is not connected to {network}"
    return ""


def _definition_has_changed(container: Container, spec: ContainerSpec) -> bool:
    return container.labels.get(labels.CONFIG_HASH) != spec.labels[labels.CONFIG_HASH]
