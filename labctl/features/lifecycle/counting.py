"""How many containers there will be: the machine's limits are met by all labs together."""

from collections.abc import Collection, Mapping

from labctl import labels
from labctl.engine import Engine
from labctl.features.lifecycle.lab import lab_from, usual_network_name
from labctl.features.lifecycle.state import LabState, read_states
from labctl.model import Definition
from labctl.settings import LabSettings


def count_containers(
    engine: Engine,
    definition: Definition,
    labs: Mapping[str, LabSettings | None],
    services: Collection[str] | None,
) -> int:
    """Return how many containers the Engine has once these labs are up, those of other labs included.

    Args:
        engine: where.
        definition: the Compose file's.
        labs: those that are brought up, each with its settings; None: those that it has had.
        services: the ones asked for; None: all that each lab is to have.
    """
    others = sum(each.labels[labels.LAB] not in labs for each in engine.containers({labels.LAB: None}))
    states = read_states(engine, labs)
    return others + sum(
        _count_one(definition, name, states[name], settings or states[name].settings, services)
        for name, settings in labs.items()
    )


def _count_one(
    definition: Definition,
    name: str,
    state: LabState,
    settings: LabSettings,
    services: Collection[str] | None,
) -> int:
    there = {each.labels.get(labels.SERVICE, "") for each in state.containers}
    if services is not None:
        wanted = {*definition.with_needs(services)}
    else:
        wanted = {*lab_from(definition, name, (), usual_network_name(name), settings).definition.services}
    return len(there | wanted) + len(state.one_offs)
