"""What the Engine has of a lab, read by its labels."""

from dataclasses import dataclass

from labctl import labels
from labctl.engine import Container, Engine, ExistingNetwork
from labctl.model import project_name


@dataclass(frozen=True)
class LabState:
    """What there is of one lab: containers of services, one-off ones, and its networks."""

    containers: tuple[Container, ...]
    one_offs: tuple[Container, ...]
    networks: tuple[ExistingNetwork, ...]

    def of_service(self, service: str) -> list[Container]:
        """Return the containers of a service: one, when all is well."""
        return [each for each in self.containers if each.labels.get(labels.SERVICE) == service]

    @property
    def is_there(self) -> bool:
        """Whether there is anything of the lab at all."""
        return bool(self.containers or self.one_offs or self.networks)


def read_state(engine: Engine, lab: str, networks: list[ExistingNetwork] | None = None) -> LabState:
    """Return what the Engine has of a lab.

    Args:
        engine: where to ask.
        lab: the lab's name.
        networks: all the Engine's networks, where the caller has them already.
    """
    project = project_name(lab)
    found = engine.containers({labels.PROJECT: project})
    return LabState(
        containers=tuple(each for each in found if not _is_one_off(each)),
        one_offs=tuple(each for each in found if _is_one_off(each)),
        networks=tuple(
            each
            for each in (engine.networks() if networks is None else networks)
            if each.labels.get(labels.PROJECT) == project
        ),
    )


def read_lab_names(engine: Engine) -> list[str]:
    """Return the names of all labs the Engine has anything of, sorted."""
    prefix = project_name("x").removesuffix("x")
    found = [each.labels for each in engine.containers({labels.PROJECT: None})]
    found += [each.labels for each in engine.networks()]
    projects = {
        each.get(labels.PROJECT, "") for each in found if labels.SERVICE in each or labels.NETWORK in each
    }
    named = {project.removeprefix(prefix) for project in projects if project.startswith(prefix)}
    return sorted(named | ({"lab"} & projects))


def _is_one_off(container: Container) -> bool:
    return container.labels.get(labels.ONEOFF, "False").lower() == "true"
