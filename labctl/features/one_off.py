"""A fresh container beside a lab's toolbox, for one purpose, gone when that is done.

Fresh means: a network namespace, processes and a `/tmp` of its own, so that nothing a learner or an
earlier run left behind is in the way. Only the learner's home is the same.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from labctl.engine import Engine
from labctl.errors import EngineError, InputError, UnhealthyError
from labctl.features.lifecycle.lab import Lab
from labctl.features.lifecycle.network import lab_as_it_is
from labctl.features.lifecycle.ownership import read_own_state
from labctl.features.lifecycle.volumes import ensure_volumes
from labctl.model import Definition, Service
from labctl.waiting import wait_until

END_TIMEOUT_S = 1.0  # between the end of what ran in a container and the container's own
LIFETIME_S = 4 * 3600  # should labctl be killed, the container ends by itself, and is removed


def require_toolbox(definition: Definition) -> Service:
    """Return the toolbox of a definition.

    Raises:
        InputError: it has none.
    """
    if definition.toolbox is None:
        raise InputError(
            "no service is the toolbox, from which clients run",
            where=definition.path.name,
            hint="give one the label lab.role: toolbox",
        )
    return definition.toolbox


def find_running_lab(engine: Engine, definition: Definition, name: str) -> Lab:
    """Return a lab that is up, whether labctl or Compose brought it up.

    Raises:
        UnhealthyError: it is not.
        InputError: it is another course's, or no lab.
    """
    state = read_own_state(engine, definition, name)
    lab = lab_as_it_is(definition, name, state)
    if lab is None:
        raise UnhealthyError(f"lab '{name}' is not up", hint=f"labctl up {name}")
    return lab


def who_ended_it(engine: Engine, lab: Lab, container_id: str, *, was_killed: bool) -> str:
    """Return in words that a one-off container was ended from outside, or nothing if it runs.

    Args:
        engine: where.
        lab: whose container it is.
        container_id: which.
        was_killed: what ran in it was killed: its container, if that is the cause, ends in a moment.
    """
    try:
        if was_killed:
            wait_until(lambda: _end_of(engine, lab, container_id) != "", timeout_s=END_TIMEOUT_S)
        return _end_of(engine, lab, container_id)
    except EngineError:
        return ""


def _end_of(engine: Engine, lab: Lab, container_id: str) -> str:
    found = [each for each in engine.containers(lab.owner_labels) if each.id == container_id]
    if not found:
        return f"its container was removed: lab '{lab.name}' was reset or taken down meanwhile"
    if found[0].state != "running":
        return f"its container was ended ({found[0].status})"
    return ""


@contextmanager
def one_off_container(engine: Engine, lab: Lab, purpose: str) -> Iterator[str]:
    """Yield the id of a fresh toolbox container on the lab's network; remove it at the end."""
    toolbox = require_toolbox(lab.definition)
    command = ("sleep", str(LIFETIME_S))
    spec = lab.one_off_spec(toolbox, f"{purpose}-{secrets.token_hex(4)}", command)
    ensure_volumes(engine, lab)
    container_id = engine.create(spec)
    try:
        engine.start(container_id)
        yield container_id
    finally:
        engine.remove(container_id)
