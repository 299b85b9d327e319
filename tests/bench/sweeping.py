"""Nothing of a bench stays behind: its containers, networks and volumes, and nobody else's."""

import time

from labctl import labels
from labctl.engine import Container, Engine, ExistingNetwork
from labctl.features.parallel import for_each
from tests.bench.labs import OWN_PROJECT

ATTEMPTS = 10
PAUSE_S = 0.5


def sweep(engine: Engine) -> None:
    """Remove all that the Engine has of a bench's labs, volumes too."""
    for_each([each.id for each in engine.containers({labels.PROJECT: None}) if _is_own(each)], engine.remove)
    for network in engine.networks():
        if _is_own(network):
            engine.remove_network(network.id)
    for volume in engine.volumes({labels.PROJECT: None}):
        if OWN_PROJECT.fullmatch(volume.rpartition("_")[0]):
            engine.remove_volume(volume)


def sweep_after_interruption(engine: Engine) -> None:
    """Sweep until nothing more turns up: the Engine may still be at work on what was asked of it."""
    for _ in range(ATTEMPTS):
        sweep(engine)
        time.sleep(PAUSE_S)
        left = [each for each in engine.containers({labels.PROJECT: None}) if _is_own(each)]
        if not left and not any(_is_own(each) for each in engine.networks()):
            return


def _is_own(thing: Container | ExistingNetwork) -> bool:
    return OWN_PROJECT.fullmatch(thing.labels.get(labels.PROJECT, "")) is not None
