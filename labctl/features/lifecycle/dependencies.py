"""The order in which a lab's services start: one that depends on another waits until its condition holds.

A health check is asked at once and as often as need be, by the same command that the Engine would run: the
Engine's own interval may be a day.
"""

import threading
from collections.abc import Mapping, Sequence

from labctl import labels
from labctl.engine import Container, ContainerSpec, Engine
from labctl.errors import InputError, UnhealthyError
from labctl.features.lifecycle.lab import Lab
from labctl.features.lifecycle.readiness import ask_health, health_command
from labctl.model import COMPLETED, HEALTHY, Service
from labctl.waiting import wait_until

PAUSE_S = 0.1
TIMEOUT_S = 120.0  # for one condition: a job may fill a volume first


def require_dependencies(lab: Lab) -> None:
    """Raise InputError unless the lab has all services that those it has depend on."""
    for service in lab.definition.services.values():
        for name, dependency in service.depends_on.items():
            if dependency.required and name not in lab.definition.services:
                raise InputError(
                    f"service '{service.name}' depends on '{name}', in no profile of lab '{lab.name}'",
                    where=f"{lab.definition.path.name}:{service.line}",
                    hint="labctl up --profile PROFILE",
                )


def in_order(specs: Sequence[ContainerSpec]) -> list[ContainerSpec]:
    """Return containers so that each comes after those it depends on, else in the order given."""
    left = {spec.service.name: spec for spec in specs}
    ordered: list[ContainerSpec] = []

    def add(name: str) -> None:
        if (spec := left.pop(name, None)) is not None:
            for each in spec.service.depends_on:
                add(each)
            ordered.append(spec)

    for spec in specs:
        add(spec.service.name)
    return ordered


class Waiting:
    """Who waits for whom while the containers of a lab are created in parallel.

    Args:
        engine: where.
        lab: which.
        specs: the containers to be created, begun in the order of `in_order`: so none that waits keeps
            the one it waits for from being begun.
        ids: for each service its container, when it has been started.
    """

    def __init__(
        self, engine: Engine, lab: Lab, specs: Sequence[ContainerSpec], ids: Mapping[str, str]
    ) -> None:
        self._engine = engine
        self._lab = lab
        self._ids = ids
        self._ended = {spec.service.name: threading.Event() for spec in specs}

    def ended(self, service: str) -> None:
        """Note that a container has been started, or that this has failed."""
        self._ended[service].set()

    def wait_for_dependencies(self, service: Service) -> None:
        """Wait until a service may be started.

        Raises:
            UnhealthyError: a service that it depends on did not become what it waits for.
        """
        for name, dependency in service.depends_on.items():
            if name in self._ended:
                self._ended[name].wait()
            if name not in self._ids:
                if dependency.required:
                    raise self._error(service, name, "did not start")
                continue
            if dependency.condition == HEALTHY:
                self._wait_until_healthy(service, name)
            elif dependency.condition == COMPLETED:
                self._wait_until_completed(service, name)

    def _wait_until_healthy(self, service: Service, name: str) -> None:
        argv = health_command(self._lab.definition.services[name])
        assert argv is not None  # the reader sees to it
        if said := ask_health(self._engine, self._ids[name], argv, timeout_s=TIMEOUT_S):
            raise self._error(service, name, f"did not become healthy within {TIMEOUT_S:g} s", said)

    def _wait_until_completed(self, service: Service, name: str) -> None:
        own = {labels.PROJECT: self._lab.project, labels.SERVICE: name}

        def has_ended() -> bool:
            return all(each.state == "exited" for each in self._found(own, name))

        if not wait_until(has_ended, timeout_s=TIMEOUT_S, pause_s=PAUSE_S):
            raise self._error(service, name, f"did not complete within {TIMEOUT_S:g} s")
        for each in self._found(own, name):
            if not has_completed(each):
                raise self._error(service, name, "failed", each.status)

    def _found(self, own: Mapping[str, str], name: str) -> list[Container]:
        return [each for each in self._engine.containers(own) if each.id == self._ids[name]]

    def _error(self, service: Service, name: str, what: str, log: str = "") -> UnhealthyError:
        return UnhealthyError(
            f"service '{name}', on which '{service.name}' depends, {what}",
            where=f"lab '{self._lab.name}' ({self._lab.definition.path.name}:{service.line})",
            log=log,
            hint=f"labctl logs {self._lab.name} {name}",
        )


def has_completed(container: Container) -> bool:
    """Return whether a container ended well."""
    return container.state == "exited" and container.status.startswith("Exited (0)")
