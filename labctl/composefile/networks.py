"""The networks of the file: one that all services share, or several, each a segment of the lab."""

from collections.abc import Mapping
from ipaddress import ip_network

from labctl.composefile.place import Place
from labctl.composefile.services import read_labels
from labctl.composefile.values import find_overlap, parse_host_name, parse_subnet, shown
from labctl.model import Network, Service

DEFAULT = "default"
NOT_FOR_CONTAINERS = 3  # addresses of a subnet: its own, the gateway's, and the broadcast address
WHY_NOT = {
    "external": "a lab's networks are its own",
    "name": "networks are named after their lab",
    "attachable": "a lab's networks are its own",
}
WHY_NOT_IN_SUBNET = dict.fromkeys(
    ("gateway", "ip_range", "aux_addresses"),
    "each lab has subnets of its own, and the Engine gives addresses",
)


def read_networks(places: Mapping[str, Place], services: Mapping[str, Service]) -> dict[str, Network]:
    """Return the networks that services are on, by the file's names; the main one, the toolbox's, is first.

    Args:
        places: of the networks that the file has.
        services: all there are; each is on networks that are there.

    Raises:
        ComposeFileError: a network cannot be one of a lab.
    """
    networks: dict[str, Network] = {}
    taken: dict[str, str] = {}
    for name, place in places.items():
        try:
            parse_host_name(name)
        except ValueError as error:
            raise place.error(str(error), line=place.key_line) from None
        containers = sum(name in each.networks for each in services.values()) + 1  # that of a check
        networks[name] = _read_network(place, containers)
        for subnet in networks[name].subnets:
            if overlap := find_overlap([*taken, subnet]):
                raise place.error(f"{overlap[1]} overlaps {overlap[0]} of network {taken[overlap[0]]!r}")
        taken |= dict.fromkeys(networks[name].subnets, name)
    used = dict.fromkeys(name for each in services.values() for name in each.networks)
    toolbox = next((each for each in services.values() if each.is_toolbox), None)
    main = toolbox.network if toolbox is not None else DEFAULT if DEFAULT in used else next(iter(used))
    return {name: networks.get(name, Network()) for name in dict.fromkeys((main, *used))}


def _read_network(place: Place, containers: int) -> Network:
    if place.is_null:
        return Network()
    fields = place.fields(("driver", "internal", "enable_ipv6", "driver_opts", "ipam", "labels"), WHY_NOT)
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
        subnet_place = each.fields(("subnet",), WHY_NOT_IN_SUBNET)["subnet"]
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
