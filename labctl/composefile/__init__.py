"""The Compose file: from its text to `labctl.model.Definition`, or one error with file and line.

    tree (YAML with lines) -> place (typed reading, errors) -> services, storage, and here (the keys)
    interpolation (`${NAME}`), dotenv (`.env`) and values (sizes, times, ports) are what places are read with

Every key is either understood or refused by name: a lab that silently lacks what its file asks for
teaches the wrong thing. What is read is plain data; the file may come from a stranger, so the work
it can cause is bounded, and nothing in it is run.
"""

from collections.abc import Mapping
from ipaddress import ip_network
from pathlib import Path

from labctl.composefile.dependencies import check_dependencies
from labctl.composefile.dotenv import parse_dotenv
from labctl.composefile.place import Place, Source
from labctl.composefile.services import ServiceReader, read_labels
from labctl.composefile.storage import refuse_engine_socket
from labctl.composefile.tree import Budget, Node, check_characters, read_tree
from labctl.composefile.values import find_overlap, parse_host_name, parse_project_name, parse_subnet, shown
from labctl.errors import ComposeFileError, InputError
from labctl.model import Definition, Network, Service, Volume

__all__ = ["read_definition"]

# The lab's own file has 7 KB.
MAX_OCTETS = 1024 * 1024
NOT_FOR_CONTAINERS = 3  # addresses of a subnet: its own, the gateway's, and the broadcast address
KEYS = ("name", "services", "networks", "volumes", "version")
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
            octets = file.read(MAX_OCTETS + 1)
    except FileNotFoundError:
        raise InputError("no such file", where=file_name, hint="labctl -f FILE ...") from None
    except IsADirectoryError:
        raise InputError(
            "is a folder, not a file", where=file_name, hint=f"{file_name}/compose.yaml"
        ) from None
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", where=file_name) from None
    if len(octets) > MAX_OCTETS:
        raise InputError(f"is larger than {MAX_OCTETS} octets", where=file_name)
    try:
        text = octets.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = octets.count(b"\n", 0, error.start) + 1
        raise ComposeFileError("not UTF-8 text", where=f"{file_name}:{line}") from None
    check_characters(text, file_name)
    return text


def _read_root(path: Path, root: Node, source: Source) -> Definition:
    fields = Place(source, root, "", root.line).fields(KEYS, WHY_NOT)
    fields.given("version", Place.text, "")  # obsolete, and of no effect in Compose too
    volumes = fields.given("volumes", _read_volumes, {})
    reader = ServiceReader(path.parent, volumes, _read_env_file)
    places = fields["services"].entries()
    services = {name: reader.read(name, place) for name, place in places.items() if not name.startswith("x-")}
    if not services:
        raise fields["services"].error("there are none")
    containers = len(services) + 1  # that of a check
    network = fields.given("networks", lambda each: _read_networks(each, containers), Network())
    _check_toolbox(services, places)
    _check_builds(services, places)
    check_dependencies(services, places)
    name = fields.given("name", lambda each: each.parsed(parse_project_name), "")
    return Definition(path, services, network, volumes, name)


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


def _read_networks(place: Place, containers: int) -> Network:
    networks = place.entries()
    for name, each in networks.items():
        if name != "default":
            raise each.error("a lab has one network, 'default'", line=each.key_line)
    default = networks.get("default")
    return Network() if default is None or default.is_null else _read_network(default, containers)


def _read_network(place: Place, containers: int) -> Network:
    fields = place.fields(("driver", "internal", "enable_ipv6", "driver_opts", "ipam", "labels"))
    if "driver" in fields and fields["driver"].text() != Network.driver:
        driver = fields["driver"]
        raise driver.error(f"{shown(driver.text())} is not supported (there is {Network.driver})")
    enable_ipv6 = fields.given("enable_ipv6", Place.flag, False)
    return Network(
        internal=fields.given("internal", Place.flag, False),
        enable_ipv6=enable_ipv6,
        driver_opts=fields.given("driver_opts", Place.pairs, {}),
        subnets=fields.given("ipam", lambda each: _read_subnets(each, enable_ipv6, containers), ()),
        labels=fields.given("labels", read_labels, {}),
    )


def _read_subnets(place: Place, enable_ipv6: bool, containers: int) -> tuple[str, ...]:
    subnets: list[str] = []
    for each in place.fields(("config",))["config"].elements():
        subnet_place = each.fields(("subnet",))["subnet"]
        subnet = subnet_place.parsed(parse_subnet)
        if ":" in subnet and not enable_ipv6:
            raise subnet_place.error(f"{subnet} needs enable_ipv6: true")
        subnets.append(subnet)
        if overlap := find_overlap(subnets):
            raise subnet_place.error(f"{overlap[1]} overlaps {overlap[0]}")
        room = max(0, ip_network(subnet).num_addresses - NOT_FOR_CONTAINERS)
        if room < containers:
            raise subnet_place.error(f"{subnet} has room for {room} containers, and {containers} are needed")
        if before := [other for other in subnets[:-1] if (":" in other) is (":" in subnet)]:
            raise subnet_place.error(f"{subnet} is a second subnet of one family, beside {before[0]}")
    return tuple(subnets)


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
