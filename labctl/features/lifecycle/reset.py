"""Puts a lab back to pristine: every container made anew from its image, the learner's work kept."""

from labctl.engine import Engine, Progress
from labctl.errors import InputError
from labctl.features.lifecycle.state import read_state
from labctl.features.lifecycle.up import UpReport, bring_up
from labctl.model import Definition


def reset(
    engine: Engine,
    definition: Definition,
    name: str,
    *,
    tell: Progress,
    services: frozenset[str] | None = None,
) -> UpReport:
    """Make the containers of a lab anew and wait until its servers answer.

    Args:
        engine: where.
        definition: the Compose file's.
        name: the lab's name; the lab must be there.
        tell: called with each step, in words.
        services: only these, where not all are wanted.

    Raises:
        InputError: there is no such lab.
    """
    state = read_state(engine, name)
    if not state.is_there:
        raise InputError(f"there is no lab '{name}' to reset", hint=f"labctl up {name}")
    for each in state.one_offs:
        engine.remove(each.id)
    force = dict.fromkeys(services or definition.services, "reset")
    return bring_up(engine, definition, name, tell=tell, services=services, force=force)
