"""What there is to do to make a lab right: a pure decision over its definition and its state."""

from collections.abc import Mapping
from dataclasses import dataclass

from labctl import labels
from labctl.engine import Container, ContainerSpec
from labctl.features.lifecycle.lab import Lab
from labctl.features.lifecycle.state import LabState


@dataclass(frozen=True)
class UpPlan:
    """Steps in their order: what goes, what is made, and what is left alone.

    Attributes:
        remove_containers: each with why it goes.
        create_network: whether the lab's network must be made.
        create: containers to be made and started.
        keep: what runs well, by service, of those that are wanted.
    """

    remove_containers: tuple[tuple[Container, str], ...]
    create_network: bool
    create: tuple[ContainerSpec, ...]
    keep: Mapping[str, Container]


def plan_up(
    lab: Lab,
    state: LabState,
    images: Mapping[str, str],
    *,
    services: frozenset[str] | None = None,
    broken: Mapping[str, str] | None = None,
) -> UpPlan:
    """Decide what makes the lab right.

    Args:
        lab: what it should be.
        state: what there is.
        images: for each image tag, the id it points to now.
        services: only these, where not all are wanted.
        broken: services found out not to work though they run, each with why.
    """
    remove: list[tuple[Container, str]] = []
    create: list[ContainerSpec] = []
    keep: dict[str, Container] = {}
    for service in lab.definition.services.values():
        if services is not None and service.name not in services:
            continue
        spec = lab.container_spec(service, images[service.image])
        for container in state.of_service(service.name):
            reason = (broken or {}).get(service.name, "") or _reason_against(container, spec)
            if service.name in keep:
                reason = "it is there twice"
            if reason:
                remove.append((container, reason))
            else:
                keep[service.name] = container
        if service.name not in keep:
            create.append(spec)
    known = lab.definition.services
    remove += [
        (each, "this lab has no such service")
        for each in state.containers
        if labels.LAB in each.labels and each.labels.get(labels.SERVICE) not in known
    ]
    has_network = any(each.name == lab.network_name for each in state.networks)
    return UpPlan(tuple(remove), not has_network, tuple(create), keep)


def _reason_against(container: Container, spec: ContainerSpec) -> str:
    """Say why a container cannot stay as it is; empty when it can."""
    if container.state != "running":
        return f"it is {container.state}"
    if "(unhealthy)" in container.status:
        return "it is unhealthy"
    if container.labels.get(labels.CONFIG_HASH) != spec.labels[labels.CONFIG_HASH]:
        return "its definition or image has changed"
    if not any(container.addresses.get(spec.network, ("", ""))):
        return f"it is not connected to {spec.network}"
    return ""
