"""Nothing of a bench stays behind: its containers, networks and volumes, and nobody else's."""

import time
from contextlib import suppress

from labctl import labels
from labctl.engine import Container, Engine, ExistingNetwork
from labctl.errors import LabError
from labctl.features.parallel import for_each
from tests.bench.labs import OWN_PROJECT

ATTEMPTS = 6
PAUSE_S = 0.5


def sweep(engine: Engine) -> set[str]:
    """Remove all that the Engine has of a bench's labs, volumes too.

    Returns:
        The projects whose network the Engine will not let go of: Engines miscount the endpoints of a
        network now and then, and then keep it until they are started again.
    """
    for_each([each.id for each in engine.containers({labels.PROJECT: None}) if _is_own(each)], engine.remove)
    stuck = set()
    for network in engine.networks():
        if _is_own(network):
            try:
                engine.remove_network(network.id)
            except LabError:
                stuck.add(network.labels[labels.PROJECT])
    for volume in engine.volumes({labels.PROJECT: None}):
        if OWN_PROJECT.fullmatch(volume.rpartition("_")[0]):
            engine.remove_volume(volume)
    return stuck


def sweep_at_the_end(engine: Engine) -> set[str]:
    """Sweep until nothing more turns up: after Ctrl-C the Engine goes on with what it was asked for.

    Returns:
        The projects of which something stays behind.
    """
    for _ in range(ATTEMPTS):
        with suppress(LabError):
            sweep(engine)
        time.sleep(PAUSE_S)
        left = _projects_left(engine)
        if not left:
            break
    return left


def _projects_left(engine: Engine) -> set[str]:
    containers = {each.labels[labels.PROJECT] for each in engine.containers({labels.PROJECT: None})}
    networks = {each.labels.get(labels.PROJECT, "") for each in engine.networks()}
    return {each for each in containers | networks if OWN_PROJECT.fullmatch(each)}


def _is_own(thing: Container | ExistingNetwork) -> bool:
    return OWN_PROJECT.fullmatch(thing.labels.get(labels.PROJECT, "")) is not None
