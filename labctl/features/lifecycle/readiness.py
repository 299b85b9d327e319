"""When a lab answers: one probe in its toolbox asks every server, as a client would."""

from collections.abc import Iterable

from labctl.engine import Engine
from labctl.model import Service

PROGRAM = "probe"


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
    """
    questions = [f"{service.name}@{probe}" for service in services for probe in service.probes]
    if not questions:
        return {}
    finished = engine.execute(toolbox_id, [PROGRAM, "--timeout", f"{timeout_s:g}", *questions])
    if finished.exit_code == 0:
        return {}
    silent: dict[str, str] = {}
    for line in finished.output.splitlines():
        name, _, said = line.partition("@")
        silent.setdefault(name, said)
    return silent
