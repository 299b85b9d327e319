"""Whether a Compose project is a lab of ours, or another project whose name is like a lab's.

A lab is what labctl made, or what Compose made from the same file. Compose's networks and volumes do not
say from which file they are, its containers do.
"""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from labctl import labels
from labctl.engine import Engine
from labctl.errors import InputError
from labctl.features.lifecycle.state import LabState, read_state
from labctl.model import LAB_NAME, Definition, project_name


def read_lab_names(
    engine: Engine, file: Path | None, *, course: str | None = None, home: str = ""
) -> list[str]:
    """Return the names of the labs the Engine has containers or a network of, sorted.

    Args:
        engine: where.
        file: the Compose file; None: there is none, and only what labctl made is ours.
        course: only its labs, and those that earlier versions made, which do not say whose they are; None:
            those of all courses.
        home: the volume of the file that is the learner's home: labs of which only that is left count, too,
            if labctl made it.
    """
    projects: dict[str, list[Mapping[str, str]]] = {}
    labelled = [each.labels for each in engine.containers({labels.PROJECT: None})]
    for own in labelled + [each.labels for each in engine.networks()]:
        projects.setdefault(own.get(labels.PROJECT, ""), []).append(own)
    for own in engine.volume_labels({labels.LAB: None}).values() if home else ():
        if labels.HOME in own or own.get(labels.VOLUME) == home:
            projects.setdefault(own[labels.PROJECT], []).append(own)
    prefix = project_name("x").removesuffix("x")
    names = {project: project.removeprefix(prefix) for project in projects}
    return sorted(
        name
        for project, name in names.items()
        if LAB_NAME.fullmatch(name) and project_name(name) == project and _is_lab(projects[project], file)
        if course is None or all(own.get(labels.COURSE, course) == course for own in projects[project])
    )


def read_own_state(engine: Engine, definition: Definition, name: str) -> LabState:
    """Return what the Engine has of a lab of this course, which may be nothing.

    Raises:
        InputError: as `require_ours`.
    """
    state = read_state(engine, name)
    require_ours(state, name, definition.path, definition.course)
    return state


def require_ours(state: LabState, name: str, file: Path | None, course: str | None) -> None:
    """Return if a lab is ours or not there at all.

    Args:
        state: what there is of it.
        name: its name.
        file: the Compose file; None: there is none.
        course: the one that the file names; None: there is no file.

    Raises:
        InputError: the project of this name is no lab of ours, or it is another course's lab.
    """
    if course is not None and state.course not in (None, course):
        files = {own[labels.CONFIG_FILES] for own in (each.labels for each in state.containers)}
        raise InputError(
            f"there is a lab '{name}' of course '{state.course}', and this is course '{course}'",
            where=f"made from {files.pop()}" if len(files) == 1 else "",
            hint="another name for the lab, or the other course's file: labctl -f FILE ...",
        )
    labelled = [each.labels for each in state.containers + state.one_offs]
    labelled += [each.labels for each in state.networks]
    if not labelled or _is_lab(labelled, file):
        return
    project = project_name(name)
    strange = [own for own in labelled if _is_ours(own, file) is False]
    folder = next((own[labels.WORKING_DIR] for own in strange if own.get(labels.WORKING_DIR)), "")
    raise InputError(
        f"the Compose project '{project}' is no lab of {file or 'labctl'}",
        where=folder and f"made in {folder}",
        hint=f"another name for the lab, or: docker compose -p {project} down",
    )


def _is_lab(labelled: Iterable[Mapping[str, str]], file: Path | None) -> bool:
    """Return whether something of a project is ours, and nothing was made from another file."""
    known = [_is_ours(own, file) for own in labelled]
    return True in known and False not in known


def _is_ours(own: Mapping[str, str], file: Path | None) -> bool | None:
    """Return whether the labels say that we made it; None: they do not say who did."""
    if labels.LAB in own:
        return True
    if not own.get(labels.CONFIG_FILES):
        return None
    made_from = {Path(each).resolve() for each in _files_of(own)}
    return file is not None and file.resolve() in made_from


def _files_of(own: Mapping[str, str]) -> list[str]:
    """Return the Compose files that a container was made from; Compose 1 names them relative to a folder."""
    folder = own.get(labels.WORKING_DIR, "")
    return [os.path.join(folder, each) for each in own.get(labels.CONFIG_FILES, "").split(",") if each]  # noqa: PTH118


def made_from_other_files(state: LabState, definition: Definition) -> frozenset[str]:
    """Return the containers of services that only other files have, from which they were made."""
    return frozenset(
        each.id
        for each in state.containers
        if each.labels.get(labels.SERVICE) not in definition.services
        and str(definition.path) not in (files := _files_of(each.labels))
        and any(map(os.path.isfile, files))  # it may not be ours to look at
    )
