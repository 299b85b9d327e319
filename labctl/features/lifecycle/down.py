"""Takes a lab away: its containers and networks, and, only when asked, the learner's work."""

from dataclasses import dataclass
from pathlib import Path

from labctl import labels
from labctl.engine import Engine, Progress
from labctl.features.lifecycle.network import clear_away
from labctl.features.lifecycle.ownership import require_ours
from labctl.features.lifecycle.state import read_state
from labctl.features.work.discard import discard_work
from labctl.model import Definition, project_name


@dataclass(frozen=True)
class DownReport:
    """What went: how many containers and networks, which volumes, and where the work was saved, if at all."""

    lab: str
    containers: int
    networks: int
    volumes: tuple[str, ...]
    saved: Path | None = None


def take_down(
    engine: Engine,
    name: str,
    *,
    tell: Progress,
    file: Path | None = None,
    discard_work_of: Definition | None = None,
) -> DownReport:
    """Remove all that the Engine has of a lab; a lab that is not there is no error.

    Args:
        engine: where.
        name: the lab's name.
        tell: called with each step, in words.
        file: the Compose file; None: there is none, and only what labctl made is ours.
        discard_work_of: the definition that says what the learner's home is; given it, the home is saved,
            and then all volumes of the lab go as well.

    Raises:
        InputError: the lab's project is somebody else's.
    """
    state = read_state(engine, name)
    require_ours(state, name, file)
    if state.is_there:
        tell(f"removing lab {name}: {len(state.containers)} containers")
    clear_away(engine, state, tell)
    containers, networks = len(state.containers) + len(state.one_offs), len(state.networks)
    if discard_work_of is None:
        return DownReport(name, containers, networks, ())
    volumes = engine.volumes({labels.PROJECT: project_name(name)})
    work = discard_work(engine, discard_work_of, name, tell=tell)
    for volume in volumes:
        tell(f"removing volume {volume}")
        engine.remove_volume(volume)
    return DownReport(name, containers, networks, tuple(volumes), work.path if work is not None else None)
