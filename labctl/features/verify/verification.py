"""Compares the containers of a lab with how they should be."""

from collections.abc import Iterable

from labctl.engine import Engine
from labctl.features.lifecycle.lab import Lab
from labctl.features.lifecycle.state import read_state
from labctl.features.parallel import for_each
from labctl.features.verify.compare import find_differences
from labctl.features.verify.facts import read_facts
from labctl.features.verify.pristine import Pristine
from labctl.waiting import wait_until

# A health check, or the child that served the probe, is there for a moment; what stays was left.
PASSING_S = 1.0
PAUSE_S = 0.15


def verify(
    engine: Engine, lab: Lab, services: Iterable[str], pristine: Pristine
) -> dict[str, tuple[str, ...]]:
    """Return the services whose containers are not pristine, each with the differences in words.

    Args:
        engine: where the lab is.
        lab: a lab that is up and answers.
        services: which of its own to look at.
        pristine: how they should be.
    """
    state = read_state(engine, lab.name)

    def differences(name: str) -> tuple[str, ...]:
        service = lab.definition.services[name]
        expected = pristine.facts(lab, service)
        [container] = state.of_service(name)
        found: tuple[str, ...] = ()

        def is_pristine() -> bool:
            nonlocal found
            found = find_differences(expected, read_facts(engine, container.id, lab, service))
            return not found

        wait_until(is_pristine, timeout_s=PASSING_S, pause_s=PAUSE_S)
        return found

    names = sorted(services)
    return {name: found for name, found in zip(names, for_each(names, differences), strict=True) if found}
