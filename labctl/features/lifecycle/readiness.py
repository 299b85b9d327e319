"""When a lab answers: one probe in its toolbox asks every server, as a client would.

A service that shares no network with the toolbox has no name there. Of such a one its own health check is
run, in its own container; where it has none, it is enough that it runs.
"""

import time
from collections.abc import Iterable, Mapping, Sequence

from labctl.engine import Engine, Progress
from labctl.errors import EngineError
from labctl.features.parallel import for_each
from labctl.model import Service
from labctl.waiting import wait_until

PROGRAM = "probe"
HEALTH_PAUSE_S = 0.1
PATIENCE_S = 5.0  # one probe's; those still awaited then are reported
EXEC_MARGIN_S = 20.0  # beyond a probe's own deadline: its start, on a machine that is busy

# The probe runs beside the learner's programs, under a user that no service has: they can neither stop it nor
# answer in its place.
OBSERVER = "65532:65532"


def wait_until_answering(
    engine: Engine,
    toolbox_id: str,
    services: Iterable[Service],
    *,
    timeout_s: float,
    progress: Progress,
) -> dict[str, str]:
    """Wait until all these services answer, reporting now and then which do not yet.

    Args:
        engine: where the lab is.
        toolbox_id: the container to ask from.
        services: whom to ask.
        timeout_s: how long to wait in all.
        progress: called with those awaited.

    Returns:
        The services that did not answer, each with why; empty when all did.
    """
    awaited = {service.name: service for service in services}
    deadline = time.monotonic() + timeout_s
    while True:
        left_s = max(0.0, deadline - time.monotonic())
        silent = find_silent(engine, toolbox_id, awaited.values(), timeout_s=min(PATIENCE_S, left_s))
        if not silent or time.monotonic() >= deadline:
            return silent
        awaited = {name: awaited[name] for name in silent}
        progress("waiting for " + "; ".join(f"{name} ({why})" for name, why in silent.items()))


def shares_network(one: Service, other: Service) -> bool:
    """Return whether two services can call each other by name."""
    return not {*one.networks}.isdisjoint(other.networks)


def health_command(service: Service) -> list[str] | None:
    """Return the command of a service's health check; None where it has none."""
    if service.healthcheck is None or service.healthcheck.test == ("NONE",):
        return None
    kind, *words = service.healthcheck.test
    return words if kind == "CMD" else ["/bin/sh", "-c", *words]


def find_unhealthy(
    engine: Engine, ids: Mapping[str, str], services: Iterable[Service], *, timeout_s: float
) -> dict[str, str]:
    """Wait until the health checks of these services succeed, each in the service's own container.

    Args:
        engine: where the lab is.
        ids: the containers by service.
        services: whose; those without a health check are well.
        timeout_s: how long to wait for each.

    Returns:
        The services whose health check failed to the end, each with what it printed.
    """

    def why(service: Service) -> str:
        argv = health_command(service)
        return "" if argv is None else ask_health(engine, ids[service.name], argv, timeout_s=timeout_s)

    asked = list(services)
    return {each.name: said for each, said in zip(asked, for_each(asked, why), strict=True) if said}


def ask_health(engine: Engine, container_id: str, argv: Sequence[str], *, timeout_s: float) -> str:
    """Run a health check until it succeeds; return what it printed at last, or nothing when it did."""
    said = ""

    def is_healthy() -> bool:
        nonlocal said
        try:
            finished = engine.execute(container_id, argv)
        except EngineError as error:  # it may be restarting
            said = error.log or error.what
            return False
        said = finished.output[-400:].strip() or f"its health check ended with {finished.exit_code}"
        return finished.exit_code == 0

    return "" if wait_until(is_healthy, timeout_s=timeout_s, pause_s=HEALTH_PAUSE_S) else said


def find_silent(
    engine: Engine, toolbox_id: str, services: Iterable[Service], *, timeout_s: float
) -> dict[str, str]:
    """Wait until all listeners of these services answer.

    Args:
        engine: where the lab is.
        toolbox_id: the container to ask from.
        services: whom to ask.
        timeout_s: how long to wait in all.

    Returns:
        The services of which a listener did not answer, each with why; empty when all did.

    Raises:
        EngineError: the probe itself failed, so nothing is known.
    """
    asked = {service.name: service.probes for service in services}
    questions = [f"{name}@{probe}" for name, probes in asked.items() for probe in probes]
    if not questions:
        return {}
    argv = [PROGRAM, "--timeout", f"{timeout_s:g}", *questions]
    finished = engine.execute(toolbox_id, argv, user=OBSERVER, timeout_s=timeout_s + EXEC_MARGIN_S)
    if finished.exit_code == 0:
        return {}
    silent: dict[str, str] = {}
    for line in finished.output.splitlines():
        name, _, said = line.partition("@")
        silent.setdefault(name, said)
    if not silent or not silent.keys() <= asked.keys():
        raise EngineError("the probe in the toolbox failed", log=finished.output[-800:])
    return silent
