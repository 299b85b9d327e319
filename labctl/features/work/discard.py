"""Takes a lab's home away, after it was saved: the toolbox's next container has a new one."""

from dataclasses import dataclass
from pathlib import Path

from labctl.engine import Engine, Progress
from labctl.errors import shown
from labctl.features.lifecycle.ownership import read_own_state
from labctl.features.work.exclusive_access import exclusive_access
from labctl.features.work.home import Home, find_home
from labctl.features.work.save import SaveReport, save_home
from labctl.features.work.snapshot import BEFORE_DISCARD
from labctl.model import Definition


@dataclass(frozen=True)
class DiscardReport:
    """What became of the work.

    Attributes:
        outcome: as a SaveReport has it; or "kept": the home is a folder of the host, which is never emptied.
        path: the file of the snapshot that has it; None when there is none.
        folder: that folder of the host; empty when the home is none.
        ended: the one-off containers that were removed, and with them what ran in them.
    """

    outcome: str
    path: Path | None = None
    folder: str = ""
    ended: tuple[str, ...] = ()


def discard_work(
    engine: Engine, definition: Definition, name: str, *, progress: Progress, lab_stays: bool = False
) -> DiscardReport | None:
    """End the containers that use the home of a lab, save what is in it, and only then remove it.

    Args:
        engine: where.
        definition: the Compose file's.
        name: the lab's name.
        progress: called with each step, in words.
        lab_stays: create the toolbox again at the end, also when something failed.

    Returns:
        What became of the work; None when there is no home.

    Raises:
        InputError: the Compose project is no lab of ours.
    """
    if definition.toolbox is None:  # then there is no work in such a lab
        return None
    state = read_own_state(engine, definition, name)
    home = find_home(definition, name, state.settings, state.images)
    if home.is_of_the_host:
        return DiscardReport("kept", folder=home.mount.source)
    if not home.is_there(engine):
        return None
    with exclusive_access(
        engine, home, state, progress=progress, definition=definition if lab_stays else None
    ):
        report = discard_home(engine, home, progress=progress)
    return DiscardReport(report.outcome, report.path, ended=state.running_one_offs)


def discard_home(engine: Engine, home: Home, *, progress: Progress) -> SaveReport:
    """Save what is in a home that is not in use, and only then remove it."""
    report = save_home(engine, home, progress=progress, reason=BEFORE_DISCARD)
    if report.outcome != "empty":
        progress(shown(f"the work of {home.lab.name} is saved in {report.path}"))
    home.remove(engine)
    return report
