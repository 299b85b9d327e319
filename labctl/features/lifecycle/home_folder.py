"""Which folder of the host is a lab's home: remembered by the Engine, also while the lab is down.

A lab's home is its own volume, unless there is a mark: a volume that holds nothing, whose labels name the
folder. `up` makes the mark before the toolbox, `down` leaves it, as it leaves the lab's own volume.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from labctl import labels
from labctl.engine import Engine
from labctl.model import Volume, project_name
from labctl.settings import LabSettings

MARK = "home-folder"


@dataclass(frozen=True)
class HomeFolder:
    """A folder of the host that is a learner's home, and its owner as `uid:gid`."""

    folder: str
    owner: str


def mark_name(lab: str) -> str:
    """Return the Engine's name of a lab's mark."""
    return f"{project_name(lab)}_{MARK}"


def read_home_folders(engine: Engine) -> dict[str, HomeFolder]:
    """Return the marks there are, by the lab's name."""
    return home_folders_in(engine.volume_labels({labels.HOME: None, labels.LAB: None}).values())


def home_folders_in(volumes: Iterable[Mapping[str, str]]) -> dict[str, HomeFolder]:
    """Return the marks among volumes, which their labels progress, by the lab's name."""
    marks = [own for own in volumes if labels.HOME in own]
    return {own[labels.LAB]: HomeFolder(**json.loads(own[labels.HOME])) for own in marks}


def remember_home(
    engine: Engine, lab: str, known: HomeFolder | None, settings: LabSettings, *, course: str
) -> None:
    """Make the mark of a course's lab say what the settings say; without a folder there is none."""
    wanted = HomeFolder(settings.work, settings.work_owner) if settings.work else None
    if wanted == known:
        return
    if known is not None:
        engine.remove_volume(mark_name(lab))
    if wanted is not None:
        said = json.dumps({"folder": wanted.folder, "owner": wanted.owner}, sort_keys=True)
        own = {labels.PROJECT: project_name(lab), labels.LAB: lab, labels.HOME: said}
        own[labels.COURSE] = course
        engine.create_volume(mark_name(lab), Volume(MARK), own)


def forget_home(engine: Engine, lab: str) -> None:
    """Remove the mark; the folder is not touched."""
    engine.remove_volume(mark_name(lab))
