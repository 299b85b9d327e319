"""The folders of the host that are to be learners' homes: --work, and a roster's column `work`."""

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from labctl.cli.context import Choice, Context
from labctl.features.classroom.host_folder import refuse_nested
from labctl.features.lifecycle.home_folder import read_home_folders
from labctl.features.lifecycle.state import read_state
from labctl.features.work.home import home_is_gone
from labctl.settings import LabSettings


def with_work(choices: list[Choice], work: Path | None) -> list[Choice]:
    """Return the labs with the folder of --work: of several labs each has a folder in it.

    Raises:
        InputError: a home would lie in another.
    """
    if work is not None:
        choices = [replace(each, work=work / each.name if len(choices) > 1 else work) for each in choices]
    refuse_nested({each.name: str(each.work.absolute()) for each in choices if each.work is not None})
    return choices


def settings_with_work(
    context: Context, choice: Choice, owner_of: Callable[[Path], str], *, change_home: bool
) -> LabSettings | None:
    """Return what this lab is to have otherwise than the file; None: what it has had.

    Args:
        context: the Engine, and with it the homes that other labs have.
        choice: the lab.
        owner_of: returns the owner of a work folder as `uid:gid`, or raises InputError.
        change_home: a new home may take the place of one that is gone.

    Raises:
        InputError: the work folder cannot be used.
        UnhealthyError: it is the lab's home already, and is not there.
    """
    if choice.work is None:
        return choice.settings
    settings = choice.settings or read_state(context.engine, choice.name).settings
    folder = choice.work.absolute()
    homes = {lab: home.folder for lab, home in read_home_folders(context.engine).items()}
    refuse_nested({**homes, choice.name: str(folder)})
    if homes.get(choice.name) == str(folder) and not os.path.lexists(folder) and not change_home:
        raise home_is_gone(choice.name, str(folder))
    return replace(settings, work=str(folder), work_owner=owner_of(folder))
