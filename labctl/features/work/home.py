"""The learner's home: which volume of a lab it is, who uses it, and reaching into it.

It is reached through a container of the toolbox's image that is made, never started, and removed: the Engine
reads and writes its folders as they are, for any owner, and whether or not the lab is up.
"""

import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from labctl import labels
from labctl.engine import NO_NETWORK, Container, Engine
from labctl.errors import EngineError, InputError, LabError, UnhealthyError
from labctl.features.lifecycle.images import read_usable_images
from labctl.features.lifecycle.lab import Lab
from labctl.features.lifecycle.state import LabState
from labctl.features.lifecycle.volumes import create_volume
from labctl.features.one_off import require_toolbox
from labctl.features.work.contents import read_contents
from labctl.features.work.learners import Owner, as_learners, owner_of
from labctl.features.work.members import BadTarError
from labctl.model import Definition, Mount, Service
from labctl.settings import LabSettings

# Where the volume is mounted to be read and written. Not at the home's own path: there the Engine would fill
# an empty volume from the image. And at the top: it takes no link that leads out of where it unpacks.
ROOT, NAME = "/", "work"
IS_MISSING = ("does not exist", "no such file")  # as Docker and Podman say it of a folder, with its path


@dataclass(frozen=True)
class Home:
    """The home of one lab.

    Attributes:
        lab: the lab, on no network.
        toolbox: the service whose home it is.
        mount: where the toolbox has it, and from which volume, or from which folder of the host.
    """

    lab: Lab
    toolbox: Service
    mount: Mount

    @property
    def is_of_the_host(self) -> bool:
        """Whether it is a folder of the host: to be read, and never to be emptied by us."""
        return self.mount.kind == "bind"

    @property
    def volume(self) -> str:
        """The Engine's name of the volume."""
        return self.lab.volume_name(self.mount.source)

    def is_there(self, engine: Engine) -> bool:
        """Return whether it exists; one that the Engine made by itself has no label that would show it."""
        return self.is_of_the_host or self.volume in engine.volumes({})

    @property
    def place(self) -> str:
        """Where it is, in words."""
        return f"folder {self.mount.source}" if self.is_of_the_host else f"volume {self.volume}"

    def has_work(self, engine: Engine) -> bool:
        """Return whether there is anything in it that a new home has not; it must be there."""
        with self.reached(engine) as reached:
            try:
                with reached.read() as tar:
                    contents = read_contents(tar)
                with reached.read_new() as tar:
                    return contents.entries > 0 and contents.digest != read_contents(tar).digest
            except (BadTarError, EngineError):  # it is written to, or the image has no home
                return True

    def remove(self, engine: Engine) -> None:
        """Remove the volume and all that is in it."""
        engine.remove_volume(self.volume)

    def create(self, engine: Engine) -> None:
        """Create the volume, empty, as `up` does; one that exists is unchanged."""
        create_volume(engine, self.lab, self.lab.definition.volumes[self.mount.source])

    def users(self, state: LabState) -> list[Container]:
        """Return the containers that may have the volume mounted."""
        services = [each.name for each in self.lab.definition.services.values() if self._volume_is_in(each)]
        return [*state.one_offs, *(user for name in services for user in state.of_service(name))]

    def _with_image(self, engine: Engine) -> Lab:
        """Return the lab with the image of its toolbox, or of the one that it would have now."""
        lab = self.lab
        if self.toolbox.name in lab.images:
            return lab
        # It is down, or was removed just before.
        newest = read_usable_images(engine, lab.definition, os.environ)[self.toolbox.image]
        if newest.id is None:
            raise EngineError(f"image {self.toolbox.image} is missing", hint="labctl doctor --mend")
        return replace(lab, images={self.toolbox.name: newest.reference})

    def _explained(self, error: EngineError) -> LabError:
        """Return in our words what the Engine says of a folder that is not there; else what it said."""
        is_missing = self.mount.source in error.log and any(each in error.log for each in IS_MISSING)
        if not (self.is_of_the_host and is_missing):
            return error
        return home_is_gone(self.lab.name, self.mount.source, log=error.log)

    def _volume_is_in(self, service: Service) -> bool:
        return any((each.kind, each.source) == ("volume", self.mount.source) for each in service.mounts)

    @contextmanager
    def reached(self, engine: Engine) -> Iterator["Reached"]:
        """Yield a way into the home, which must exist; nothing is started for it.

        Raises:
            UnhealthyError: it is a folder of the host that the Engine cannot mount.
            InputError: that folder has become a link or a file.
        """
        mounts = (replace(self.mount, target=ROOT + NAME),)
        # The root is not read-only, as the Engine then refuses to write beside the volume's mount point,
        # and only from there can it give the home itself its owner, mode and time.
        service = replace(self.toolbox, mounts=mounts, tmpfs={}, read_only=False)
        with self.container(engine, service, NAME, ("true",)) as container_id:
            yield Reached(engine, container_id, self.mount.target)

    @contextmanager
    def container(
        self, engine: Engine, service: Service, purpose: str, command: tuple[str, ...]
    ) -> Iterator[str]:
        """Yield the id of a container, not started, in which the home is; remove it at the end.

        What a killed labctl left of this kind is removed: the caller has exclusive access to the lab.

        Args:
            engine: where.
            service: the toolbox, as it is to be here.
            purpose: what its name says.
            command: what it runs when it is started.

        Raises:
            UnhealthyError: the home is a folder of the host that the Engine cannot mount.
            InputError: that folder has become a link or a file.
        """
        if self.is_of_the_host:
            refuse_no_folder(self.lab.name, self.mount.source)
        lab = self._with_image(engine)
        spec = lab.one_off_spec(service, f"{purpose}-{secrets.token_hex(4)}", command)
        prefix = f"{lab.project}-{self.toolbox.name}-{purpose}-"
        for left in engine.containers({labels.PROJECT: lab.project, labels.ONEOFF: "True"}):
            if left.name.startswith(prefix):
                engine.remove(left.id)
        try:
            container_id = engine.create(spec)
        except EngineError as error:
            raise self._explained(error) from error
        try:
            yield container_id
        finally:
            engine.remove(container_id)


@dataclass(frozen=True)
class Reached:
    """A home that can be read and written."""

    engine: Engine
    container_id: str
    path: str

    @contextmanager
    def read(self) -> Iterator[Iterator[bytes]]:
        """Yield the home as a tar stream, all of it the learner's."""
        with closing(self.engine.read_folder(self.container_id, ROOT + NAME)) as tar:
            yield self.as_learners(tar)

    @contextmanager
    def read_new(self) -> Iterator[Iterator[bytes]]:
        """Yield what a new home is filled with, from the image, as a tar stream."""
        with closing(self.engine.read_folder(self.container_id, self.path)) as tar:
            yield self.as_learners(tar)

    def write(self, tar: Iterator[bytes]) -> None:
        """Unpack a tar stream that is a home into the home, as the learner's."""
        self.engine.write_folder(self.container_id, ROOT, self.as_learners(tar))

    def as_learners(self, tar: Iterator[bytes]) -> Iterator[bytes]:
        """Yield a home's tar with whatever is in it plain and of the user to whom a new home belongs.

        So it is the same tar whichever user of the host has the folder that is the home.
        """
        return as_learners(tar, self._owner)

    @cached_property
    def _owner(self) -> Owner | None:
        try:
            with closing(self.engine.read_folder(self.container_id, self.path)) as tar:
                return owner_of(tar)
        except (BadTarError, EngineError):  # the image has no home: it is the owner of this one
            return None


def home_is_gone(lab: str, folder: str, *, log: str = "") -> UnhealthyError:
    """Return the error for a folder of the host that is a lab's home, and is not there."""
    return UnhealthyError(
        f"the home of lab '{lab}' is not there",
        where=f"folder {folder}",
        log=log,
        hint=f"bring the folder back, or: labctl up {lab} --change-home",
    )


def refuse_no_folder(lab: str, folder: str) -> None:
    """Raise InputError where the folder of the host that is a lab's home has become a link or a file."""
    path = Path(folder)
    if path.is_symlink() or (path.exists() and not path.is_dir()):
        raise InputError(
            f"the home of lab '{lab}' has become a {'symbolic link' if path.is_symlink() else 'file'}",
            where=f"folder {folder}",
            hint=f"bring the folder back, or: labctl up {lab} --change-home",
        )


def find_home(
    definition: Definition, lab: str, settings: LabSettings, images: Mapping[str, str] | None = None
) -> Home:
    """Return the home of a lab, whether or not there is one.

    Args:
        definition: the Compose file's.
        lab: the lab's name.
        settings: what this lab has otherwise; its home may be a folder of the host.
        images: those of its containers, as its state has them.

    Raises:
        InputError: the definition has no toolbox, or does not say where its home is.
    """
    toolbox = require_toolbox(definition)
    own = Lab(lab, definition, NO_NETWORK, images=images or {})
    if settings.work and toolbox.work:
        return Home(own, toolbox, Mount("bind", settings.work, toolbox.work))
    if (mount := _home_mount(toolbox)) is not None:
        return Home(own, toolbox, mount)
    raise InputError(
        f"service '{toolbox.name}' has no volume that is the learner's home",
        where=f"{definition.path.name}:{toolbox.line}",
        hint="give it the label lab.work: PATH, and a volume mounted there",
    )


def find_home_volume(definition: Definition) -> str:
    """Return which volume of the file is the learner's home; empty when none is."""
    mount = _home_mount(definition.toolbox) if definition.toolbox is not None else None
    return mount.source if mount is not None else ""


def _home_mount(toolbox: Service) -> Mount | None:
    homes = (each for each in toolbox.mounts if (each.kind, each.target) == ("volume", toolbox.work))
    return next(homes, None)
