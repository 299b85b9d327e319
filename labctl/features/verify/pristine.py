"""How a service's container looks when it is new: read from a fresh reference container."""

import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from labctl import labels
from labctl.engine import Engine
from labctl.errors import UnhealthyError
from labctl.features.lifecycle.lab import Lab
from labctl.features.lifecycle.readiness import EXEC_MARGIN_S
from labctl.features.lifecycle.readiness import PROGRAM as PROBE
from labctl.features.verify.facts import Facts, read_facts
from labctl.model import Service, project_name

PURPOSE = "pristine"
READY_TIMEOUT_S = 20.0


class Pristine:
    """The pristine facts of services, each read once from a reference container, for all labs.

    Several threads may ask: reference containers of different services are created in parallel.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self._locks: dict[str, threading.Lock] = {}
        self._known: dict[str, Facts] = {}

    def facts(self, lab: Lab, service: Service) -> Facts:
        """Return the facts that a container of a service should have.

        Raises:
            UnhealthyError: the reference container does not answer.
            EngineError: the Engine refused to make it.
        """
        image_id = self._engine.image_id(lab.image_of(service))
        # The learner's work is no part of the facts, nor are name, subnets and bridge: every lab has its own.
        mounts = tuple(each for each in service.mounts if each.target != service.work)
        service = replace(service, mounts=mounts, hostname=None)
        networks = [replace(each, subnets=(), driver_opts={}) for each in lab.definition.networks.values()]
        key = repr((image_id, service, networks))
        with self._lock:
            own_lock = self._locks.setdefault(key, threading.Lock())
        with own_lock:
            if key not in self._known:
                with _reference(self._engine, lab, service) as reference_id:
                    self._known[key] = _facts_of_reference(self._engine, lab, service, reference_id)
            return self._known[key]


def remove_leftover_references(engine: Engine, lab: str) -> None:
    """Remove the reference containers, and their volumes, that a killed labctl left in a lab.

    The caller has the lab's lock: a comparison that is going on would lose its own.
    """
    left = {labels.PROJECT: project_name(lab), labels.REFERENCE: None}
    for container in engine.containers(left):
        engine.remove(container.id)
    for volume in engine.volumes(left):
        engine.remove_volume(volume)


@contextmanager
def _reference(engine: Engine, lab: Lab, service: Service) -> Iterator[str]:
    """Yield the id of a fresh container of a service, with volumes of its own; remove all at the end."""
    purpose = f"{PURPOSE}-{secrets.token_hex(4)}"
    spec = lab.one_off_spec(service, purpose, service.command)
    mark = {labels.REFERENCE: service.name}
    mounted = {mount.source for mount in service.mounts if mount.kind == "volume"}
    volumes = {name: f"{lab.volume_name(name)}-{purpose}" for name in mounted}
    try:
        for name, own in volumes.items():
            engine.create_volume(own, lab.definition.volumes[name], {**lab.owner_labels, **mark})
        reference_id = engine.create(replace(spec, volumes=volumes, labels={**spec.labels, **mark}))
        try:
            engine.start(reference_id)
            yield reference_id
        finally:
            engine.remove(reference_id)
    finally:
        for own in volumes.values():
            engine.remove_volume(own)


def _facts_of_reference(engine: Engine, lab: Lab, service: Service, reference_id: str) -> Facts:
    """Wait until a reference container answers, asked as the lab's own is, and return its facts."""
    if service.probes:
        asked = engine.execute(
            reference_id,
            [PROBE, "--timeout", f"{READY_TIMEOUT_S:g}", *service.probes],
            timeout_s=READY_TIMEOUT_S + EXEC_MARGIN_S,
        )
        if asked.exit_code != 0:
            raise UnhealthyError(
                f"a fresh container of service '{service.name}' does not answer",
                where=f"lab '{lab.name}'",
                log=asked.output,
            )
    return read_facts(engine, reference_id, lab, service)
