"""Takes a lab away: its containers and networks, and, only when asked, the learner's work."""

from dataclasses import dataclass

from labctl import labels
from labctl.engine import Engine, Progress
from labctl.features.lifecycle.network import clear_away
from labctl.features.lifecycle.state import read_state
from labctl.model import project_name


@dataclass(frozen=True)
class DownReport:
    """What went: how many containers and networks, and which volumes."""

    lab: str
    containers: int
    networks: int
    volumes: tuple[str, ...]


def take_down(engine: Engine, name: str, *, discard_work: bool, tell: Progress) -> DownReport:
    """Remove all that the Engine has of a lab; a lab that is not there is no error.

    Args:
        engine: where.
        name: the lab's name.
        discard_work: whether its volumes, the learner's home among them, go as well.
        tell: called with each step, in words.
    """
    state = read_state(engine, name)
    if state.is_there:
        tell(f"removing lab {name}: {len(state.containers)} containers")
    clear_away(engine, state, tell)
    gone = engine.volumes({labels.PROJECT: project_name(name)}) if discard_work else []
    for volume in gone:
        tell(f"removing volume {volume}")
        engine.remove_volume(volume)
    one_offs = len(state.one_offs)
    return DownReport(name, len(state.containers) + one_offs, len(state.networks), tuple(gone))
