"""Takes a lab away: its containers and networks, and, only when asked, the learner's work."""

from dataclasses import dataclass, replace
from pathlib import Path

from labctl import labels
from labctl.engine import NO_NETWORK, Engine, Progress
from labctl.features.lifecycle.home_folder import forget_home, mark_name
from labctl.features.lifecycle.lab import Lab
from labctl.features.lifecycle.network import clear_away
from labctl.features.lifecycle.ownership import require_ours
from labctl.features.lifecycle.state import read_state
from labctl.features.lifecycle.volumes import may_be_a_home
from labctl.features.verify.pristine import remove_leftover_references
from labctl.features.work.discard import discard_home
from labctl.features.work.home import find_home
from labctl.model import Definition
from labctl.settings import USUAL


@dataclass(frozen=True)
class DownReport:
    """What went, and what did not.

    Attributes:
        lab: which.
        containers: how many went; `networks` likewise.
        volumes: those that went: all but the home, and with the work all that the file knows.
        networks_left: those that the Engine will not let go of.
        volumes_left: the project's that were to go and stay, as the file does not know what is in them.
        saved: where the work was saved, if at all.
        folder: the folder of the host that is the home, and stays as it is; empty: there is none.
    """

    lab: str
    containers: int
    networks: int
    volumes: tuple[str, ...] = ()
    networks_left: tuple[str, ...] = ()
    volumes_left: tuple[str, ...] = ()
    saved: Path | None = None
    folder: str = ""

    @property
    def is_all_gone(self) -> bool:
        """Whether all went that was to go."""
        return not (self.networks_left or self.volumes_left)


def take_down(
    engine: Engine,
    name: str,
    *,
    progress: Progress,
    file: Path | None = None,
    course: str | None = None,
    volumes_of: Definition | None = None,
    discard_work_of: Definition | None = None,
) -> DownReport:
    """Remove all that the Engine has of a lab; a lab that is not there is no error.

    Args:
        engine: where.
        name: the lab's name.
        progress: called with each step, in words.
        file: the Compose file; None: there is none, and only what labctl made is ours.
        course: the one whose lab it has to be; None: of whichever.
        volumes_of: the definition that says which volumes hold no work; these are removed. None: all stay.
        discard_work_of: the definition that says what the learner's home is; given it, the home is saved,
            and then the lab's volumes go as well: those that the definition knows. In any other there may
            be work that is not saved.

    Raises:
        InputError: the Compose project is no lab of ours, or the definition has no home.
    """
    state = read_state(engine, name)
    require_ours(state, name, file, course)
    if state.is_there:
        progress(f"removing lab {name}: {len(state.containers)} containers")
    left = clear_away(engine, state, progress)
    remove_leftover_references(engine, name)
    containers, networks = len(state.containers) + len(state.one_offs), len(state.networks) - len(left)
    report = DownReport(name, containers, networks, networks_left=left, folder=state.settings.work)
    if discard_work_of is not None:
        return _discard_volumes(engine, discard_work_of, report, progress)
    if volumes_of is not None:
        return replace(report, volumes=_remove_volumes_without_work(engine, volumes_of, report, progress))
    return report


def _remove_volumes_without_work(
    engine: Engine, definition: Definition, report: DownReport, progress: Progress
) -> tuple[str, ...]:
    """Remove the volumes in which no learner works, and the lab's own home where the home is a folder."""
    lab = Lab(report.lab, definition, NO_NETWORK)
    there = {*engine.volumes({labels.PROJECT: lab.project})}
    without = {
        lab.volume_name(each.name) for each in definition.volumes.values() if not may_be_a_home(lab, each)
    }
    if report.folder and definition.toolbox is not None:
        home = find_home(definition, report.lab, USUAL)
        if home.volume in there and not home.has_work(engine):
            without.add(home.volume)
    for volume in sorted(without & there):
        progress(f"removing volume {volume}")
        engine.remove_volume(volume)
    return tuple(sorted(without & there))


def _discard_volumes(
    engine: Engine, definition: Definition, report: DownReport, progress: Progress
) -> DownReport:
    """Remove the volumes of a lab, which are not in use any more, the home after it was saved."""
    lab = Lab(report.lab, definition, NO_NETWORK)
    own = {labels.PROJECT: lab.project}
    there = {*engine.volumes({})}
    known = there & {lab.volume_name(each) for each in definition.volumes}
    left = {*engine.volumes(own)} - known - {mark_name(report.lab)}
    saved = None
    # The lab's own volume, though its home may have been a folder of the host when it was up last.
    home = find_home(definition, report.lab, USUAL) if definition.toolbox is not None else None
    if home is not None and home.volume in known:
        saved = discard_home(engine, home, progress=progress).path
    forget_home(engine, report.lab)
    for volume in sorted(known):
        progress(f"removing volume {volume}")
        engine.remove_volume(volume)
    return replace(report, volumes=tuple(sorted(known)), volumes_left=tuple(sorted(left)), saved=saved)
