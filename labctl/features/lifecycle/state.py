"""What the Engine has of a lab, read by its labels."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from labctl import labels
from labctl.engine import Container, Engine, ExistingNetwork
from labctl.features.lifecycle.home_folder import HomeFolder, home_folders_in
from labctl.model import ROLE, TOOLBOX, project_name
from labctl.settings import USUAL, LabSettings


@dataclass(frozen=True)
class LabState:
    """What there is of one lab: containers of services, one-off ones, its networks, its home's mark."""

    containers: tuple[Container, ...]
    one_offs: tuple[Container, ...]
    networks: tuple[ExistingNetwork, ...]
    home_folder: HomeFolder | None = None
    course: str | None = None  # whose it is, if any of it says so

    def of_service(self, service: str) -> list[Container]:
        """Return the containers of a service: one, when all is well."""
        return [each for each in self.containers if each.labels.get(labels.SERVICE) == service]

    @property
    def toolboxes(self) -> list[Container]:
        """The containers of the toolbox: one, when all is well."""
        return [each for each in self.containers if each.labels.get(ROLE) == TOOLBOX]

    @property
    def running_one_offs(self) -> tuple[str, ...]:
        """The names of the one-off containers in which something runs."""
        return tuple(sorted(each.name for each in self.one_offs if each.state == "running"))

    @property
    def settings(self) -> LabSettings:
        """What this lab has otherwise than the file: as its toolbox says, or else its network.

        A network keeps the settings it was made with; so a toolbox that says nothing of any means none.
        Where the home is, the mark says, also of a lab that is down; an earlier labctl made none.
        """
        said = [each.labels for each in self.toolboxes] or [each.labels for each in self.networks]
        settings = LabSettings.from_label(said[0].get(labels.SETTINGS, "")) if said else USUAL
        if self.home_folder is not None:
            return replace(settings, work=self.home_folder.folder, work_owner=self.home_folder.owner)
        return settings if self.toolboxes else replace(settings, work="", work_owner="")

    @property
    def network(self) -> ExistingNetwork | None:
        """The network the lab is on: its toolbox's, as one that could not be removed may be there besides."""
        on = {name for each in self.toolboxes for name in each.addresses}
        return next((each for each in self.networks if each.name in on), next(iter(self.networks), None))

    def networks_of(self, key: str) -> list[ExistingNetwork]:
        """Return the networks that the file calls so: one, or others that could not be removed besides.

        Those that the toolbox is on come first, then those that any container is on.
        """
        toolbox = {name for each in self.toolboxes for name in each.addresses}
        used = {name for each in self.containers for name in each.addresses}
        own = [each for each in self.networks if each.labels.get(labels.NETWORK, "default") == key]
        return sorted(own, key=lambda each: (each.name not in toolbox, each.name not in used))

    @property
    def images(self) -> dict[str, str]:
        """For each service that has a container, the id of the image it is of."""
        return {each.labels.get(labels.SERVICE, ""): each.image_id for each in self.containers}

    @property
    def is_there(self) -> bool:
        """Whether there is anything of the lab at all."""
        return bool(self.containers or self.one_offs or self.networks)


def read_state(engine: Engine, lab: str) -> LabState:
    """Return what the Engine has of a lab."""
    project = project_name(lab)
    containers = engine.containers({labels.PROJECT: project})
    return _state_of(lab, containers, engine.networks(), _volumes(engine))


def read_states(engine: Engine, labs: Iterable[str]) -> dict[str, LabState]:
    """Return what the Engine has of several labs, by name; it is asked once for all of them."""
    containers: dict[str, list[Container]] = {}
    for each in engine.containers({labels.PROJECT: None}):
        containers.setdefault(each.labels[labels.PROJECT], []).append(each)
    networks, volumes = engine.networks(), _volumes(engine)
    return {lab: _state_of(lab, containers.get(project_name(lab), []), networks, volumes) for lab in labs}


def _volumes(engine: Engine) -> list[Mapping[str, str]]:
    """Return the labels of the volumes that labctl has made."""
    return [*engine.volume_labels({labels.LAB: None}).values()]


def _state_of(
    lab: str,
    containers: list[Container],
    networks: list[ExistingNetwork],
    volumes: list[Mapping[str, str]],
) -> LabState:
    networks = [each for each in networks if each.labels.get(labels.PROJECT) == project_name(lab)]
    volumes = [own for own in volumes if own[labels.LAB] == lab]
    labelled = [*(each.labels for each in networks), *(each.labels for each in containers), *volumes]
    return LabState(
        containers=tuple(each for each in containers if not _is_one_off(each)),
        one_offs=tuple(each for each in containers if _is_one_off(each)),
        networks=tuple(networks),
        home_folder=home_folders_in(volumes).get(lab),
        course=next((own[labels.COURSE] for own in labelled if labels.COURSE in own), None),
    )


def _is_one_off(container: Container) -> bool:
    return container.labels.get(labels.ONEOFF, "False").lower() == "true"
