"""The Compose file: from its text to `labctl.model.Definition`, or one error with file and line.

    tree (YAML with lines) -> place (typed reading, errors) -> services, networks, storage; here, the keys
    interpolation (`${NAME}`), dotenv (`.env`) and values (sizes, times, ports) are what places are read with

Every key is either understood or refused by name: a lab that silently lacks what its file asks for
teaches the wrong thing. What is read is plain data; the file may come from a stranger, so the work
it can cause is bounded, and nothing in it is run.
"""

from collections.abc import Mapping
from pathlib import Path

from labctl.composefile.dependencies import check_dependencies
from labctl.composefile.dotenv import parse_dotenv
from labctl.composefile.networks import read_networks
from labctl.composefile.place import Place, Source
from labctl.composefile.services import ServiceReader, read_labels
from labctl.composefile.storage import refuse_engine_socket
from labctl.composefile.tree import Budget, Node, check_characters, read_tree
from labctl.composefile.values import parse_course, parse_host_name, parse_project_name, shown
from labctl.errors import ComposeFileError, InputError
from labctl.model import DEFAULT_COURSE, Definition, Service, Volume

__all__ = ["read_definition"]

# The lab's own file has 7 KB.
MAX_BYTES = 1024 * 1024
KEYS = ("name", "services", "networks", "volumes", "version")
EXTENSION = "x-labctl"
WHY_NOT = {
    "include": "one file is one lab",
}


def read_definition(path: Path, environ: Mapping[str, str]) -> Definition:
    """Read a Compose file, and the `.env` file beside it.

    Args:
        path: of the Compose file.
        environ: variables for interpolation; they win over those of `.env`.

    Raises:
        InputError: a file cannot be read.
        ComposeFileError: the file's text is not one we can make a lab of; its line is in `where`.
    """
    path = path.absolute()
    file_name = _name_of(path)
    text = _read_text(path, file_name)
    variables: Mapping[str, str] = environ
    dotenv = path.parent / ".env"
    if dotenv.is_file():
        variables = {**_read_env_file(dotenv, environ), **environ}
    budget = Budget()
    root = read_tree(text, file_name, budget)
    if root is None:
        raise ComposeFileError("the file is empty; it has no services", where=f"{file_name}:1")
    return _read_root(path, root, Source(file_name, variables, budget))


def _name_of(path: Path) -> str:
    """Return what a user calls a file: its path from here if it is below."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


def _read_env_file(path: Path, variables: Mapping[str, str]) -> dict[str, str]:
    return parse_dotenv(_read_text(path, _name_of(path)), _name_of(path), variables)


def _read_text(path: Path, file_name: str) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise InputError("no such file", where=file_name, hint="labctl -f FILE ...") from None
    except IsADirectoryError:
        raise InputError(
            "is a folder, not a file", where=file_name, hint=f"{file_name}/compose.yaml"
        ) from None
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", where=file_name) from None
    if len(data) > MAX_BYTES:
        raise InputError(f"is larger than {MAX_BYTES} bytes", where=file_name)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ComposeFileError("not UTF-8 text", where=f"{file_name}:{line}") from None
    check_characters(text, file_name)
    return text


def _read_root(path: Path, root: Node, source: Source) -> Definition:
    fields = Place(source, root, "", root.line).fields(KEYS, WHY_NOT)
    fields.given("version", Place.text, "")  # obsolete, and of no effect in Compose too
    volumes = fields.given("volumes", _read_volumes, {})
    declared = fields.given("networks", Place.entries, {})
    reader = ServiceReader(path.parent, volumes, {"default", *declared}, _read_env_file)
    places = fields["services"].entries()
    services = {name: reader.read(name, place) for name, place in places.items() if not name.startswith("x-")}
    if not services:
        raise fields["services"].error("there are none")
    networks = read_networks(declared, services)
    _check_toolbox(services, places)
    _check_builds(services, places)
    check_dependencies(services, places)
    name = fields.given("name", lambda each: each.parsed(parse_project_name), "")
    course = _read_course(Place(source, root, "", root.line))
    (main, network), *more = networks.items()
    return Definition(path, services, network, volumes, name, course, main, dict(more))


def _read_course(root: Place) -> str:
    """Return the name in `x-labctl: {course: NAME}`, which Compose passes over."""
    if (extension := root.entries().get(EXTENSION)) is None:
        return DEFAULT_COURSE
    return extension.fields(("course",)).given(
        "course", lambda each: each.parsed(parse_course), DEFAULT_COURSE
    )


def _check_toolbox(services: Mapping[str, Service], places: Mapping[str, Place]) -> None:
    toolboxes = [name for name, service in services.items() if service.is_toolbox]
    if len(toolboxes) > 1:
        place = places[toolboxes[1]]
        what = f"a second toolbox (lab.role), beside {toolboxes[0]!r}"
        raise place.error(what, line=place.key_line)


def _check_builds(services: Mapping[str, Service], places: Mapping[str, Place]) -> None:
    """Refuse an image that two services build each in its own way: one would run what the other built."""
    first: dict[str, Service] = {}
    for name, service in services.items():
        if service.build is not None:
            other = first.setdefault(service.image, service)
            if other.build != service.build:
                what = f"image {shown(service.image)} is built otherwise by service {other.name!r}"
                raise places[name].error(what, line=places[name].key_line)


def _read_volumes(place: Place) -> dict[str, Volume]:
    return {name: _read_volume(name, each) for name, each in place.entries().items()}


def _read_volume(name: str, place: Place) -> Volume:
    try:
        parse_host_name(name)
    except ValueError as error:
        raise place.error(str(error), line=place.key_line) from None
    if place.is_null:
        return Volume(name)
    why_not = {"external": "a lab's volumes are its own", "name": "volumes are named after their lab"}
    fields = place.fields(("driver", "driver_opts", "labels"), why_not)
    driver_opts = fields.given("driver_opts", Place.pairs, {})
    if Path(device := driver_opts.get("device", "")).is_absolute():
        refuse_engine_socket(device, fields["driver_opts"])
    return Volume(
        name=name,
        driver=fields.given("driver", Place.text, Volume.driver),
        driver_opts=driver_opts,
        labels=fields.given("labels", read_labels, {}),
    )
