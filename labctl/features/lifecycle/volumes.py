"""The volumes of a lab, as they should be before a container is made that has them mounted.

The Engine makes a volume that is missing by itself, without the options and the labels of the file.
"""

from contextlib import suppress

from labctl import labels
from labctl.engine import Engine
from labctl.errors import EngineError
from labctl.features.lifecycle.lab import Lab
from labctl.model import Volume


def ensure_volumes(engine: Engine, lab: Lab) -> None:
    """Create the volumes that a lab lacks, and recreate those that the Engine made without their options.

    A learner's home is never recreated, nor is a volume in use.
    """
    there = {*engine.volumes({})}
    labelled = {*engine.volumes({labels.PROJECT: lab.project})}
    for volume in lab.definition.volumes.values():
        name = lab.volume_name(volume.name)
        if name in there - labelled and volume.driver_opts and not may_be_a_home(lab, volume):
            with suppress(EngineError):  # it is in use
                engine.remove_volume(name)
            there.remove(name)
        if name not in there:
            create_volume(engine, lab, volume)


def create_volume(engine: Engine, lab: Lab, volume: Volume) -> None:
    """Create one volume of a lab; one that exists is unchanged."""
    own = {**lab.owner_labels, labels.VOLUME: volume.name}
    engine.create_volume(lab.volume_name(volume.name), volume, own)


def may_be_a_home(lab: Lab, volume: Volume) -> bool:
    """Return whether there may be a learner's work in a volume: no service has it in another place."""
    is_home = {
        mount.target == service.work
        for service in lab.definition.services.values()
        for mount in service.mounts
        if (mount.kind, mount.source) == ("volume", volume.name)
    }
    return is_home != {False}
