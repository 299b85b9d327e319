"""What a service waits for before it starts: `depends_on`, in Compose's meaning."""

from collections.abc import Mapping

from labctl.composefile.place import Place
from labctl.composefile.values import shown
from labctl.model import COMPLETED, HEALTHY, STARTED, Dependency, Service

CONDITIONS = (STARTED, HEALTHY, COMPLETED)


def read_dependencies(place: Place) -> dict[str, Dependency]:
    """Return the services that another one depends on, from a list or a mapping."""
    if place.is_list:
        return {each.text(): Dependency() for each in place.elements()}
    return {name: _read_dependency(each) for name, each in place.entries().items()}


def _read_dependency(place: Place) -> Dependency:
    fields = place.fields(("condition", "required", "restart"))
    if fields.given("restart", Place.flag, False):
        raise fields["restart"].error("is not supported: labctl reset restarts the services of a lab")
    condition = fields.given("condition", Place.text, STARTED)
    if condition not in CONDITIONS:
        what = f"{shown(condition)} is none of {', '.join(CONDITIONS)}"
        raise fields["condition"].error(what)
    return Dependency(condition, fields.given("required", Place.flag, True))


def check_dependencies(services: Mapping[str, Service], places: Mapping[str, Place]) -> None:
    """Refuse dependencies on services that are not there, that go in a circle, or that cannot be awaited.

    Raises:
        ComposeFileError: one is so.
    """
    for name, service in services.items():
        place = places[name].entry("depends_on") if service.depends_on else places[name]
        for other, dependency in service.depends_on.items():
            if other not in services:
                raise place.error(f"there is no service {shown(other)}")
            test = services[other].healthcheck
            if dependency.condition == HEALTHY and (test is None or test.test == ("NONE",)):
                raise place.error(f"{HEALTHY}, and service {other!r} has no health check")
        if circle := _circle_from(name, services):
            raise place.error(f"the services wait for each other: {' -> '.join(circle)}")


def _circle_from(name: str, services: Mapping[str, Service]) -> list[str]:
    """Return a way by dependencies from a service to itself; empty if there is none."""
    came_from: dict[str, str] = {}
    left = [name]
    while left:
        here = left.pop()
        for other in services[here].depends_on if here in services else ():
            if other == name:
                way = [name, here]
                while way[-1] != name:
                    way.append(came_from[way[-1]])
                return way[::-1]
            if other not in came_from:
                came_from[other] = here
                left.append(other)
    return []
