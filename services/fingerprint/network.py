"""The network settings of this container. An own address is told as the subnet it is in."""

import ipaddress
import itertools
import socket
import struct
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from services.fingerprint import Attributes, Facts

PROC = Path("/proc")
ETC = Path("/etc")
SYS = Path("/sys/class/net")
INTERFACE = ("mtu", "flags", "tx_queue_len")
MULTICAST = ipaddress.ip_network("ff00::/8")


def parse_ipv4_routes(text: str) -> Facts:
    """Return the routes in /proc/net/route, by destination; their figures are as in /proc/net/tcp."""
    facts: Facts = {}
    for line in text.splitlines()[1:]:
        device, destination, gateway, _, _, _, _, mask, *_ = line.split()
        network = ipaddress.ip_network(f"{_ipv4(destination)}/{_ipv4(mask)}")
        facts[f"route {network}"] = {"device": device, "gateway": str(_ipv4(gateway))}
    return facts


def parse_ipv6_routes(text: str) -> Facts:
    """Return the routes in /proc/net/ipv6_route, but for single addresses and multicast."""
    facts: Facts = {}
    for line in text.splitlines():
        destination, prefix, _, _, gateway, *_, device = line.split()
        network = ipaddress.ip_network(f"{_ipv6(destination)}/{int(prefix, 16)}")
        if network.prefixlen < network.max_prefixlen and not network.overlaps(MULTICAST) and device != "lo":
            facts[f"route {network}"] = {"device": device, "gateway": str(_ipv6(gateway))}
    return facts


def parse_ipv6_addresses(text: str) -> Facts:
    """Return the addresses in /proc/net/if_inet6, each as its subnet, and how many are in it."""
    found = []
    for line in text.splitlines():
        address, _, prefix, _, _, device = line.split()
        network = ipaddress.ip_network(f"{_ipv6(address)}/{int(prefix, 16)}", strict=False)
        found.append(f"address of {device} in {network}")
    return _counted(found)


def parse_ipv4_addresses(text: str) -> list[str]:
    """Return the addresses in /proc/net/fib_trie that are this container's own, each once."""
    lines = [line.strip() for line in text.splitlines()]
    found = [
        before.split()[-1] for before, line in itertools.pairwise(lines) if line.startswith("/32 host LOCAL")
    ]
    return list(dict.fromkeys(found))


def parse_hosts(text: str, own_name: str) -> Facts:
    """Return the lines of a hosts file; in those with the own name, name and address are replaced."""
    facts: Facts = {}
    for line in text.splitlines():
        words = line.split()
        if own_name in words[1:]:
            family = "IPv6" if ":" in words[0] else "IPv4"
            words = [
                f"own {family} address",
                *("own name" if each == own_name else each for each in words[1:]),
            ]
        facts[f"hosts line '{' '.join(words)}'"] = {}
    return facts


def parse_resolver(text: str) -> Facts:
    """Return the lines of resolv.conf that are no comments."""
    lines = (line.strip() for line in text.splitlines())
    return {f"resolver line '{line}'": {} for line in lines if line and not line.startswith("#")}


def read_interface(folder: Path) -> Attributes:
    """Return how an interface in /sys/class/net is set; its own hardware address is no fact."""
    return {each: (folder / each).read_text().strip() for each in INTERFACE if (folder / each).exists()}


def _counted(names: Iterable[str]) -> Facts:
    return {name: {"count": str(count)} for name, count in Counter(names).items()}


def _ipv4(figure: str) -> ipaddress.IPv4Address:
    return ipaddress.IPv4Address(struct.pack("=I", int(figure, 16)))


def _ipv6(figure: str) -> ipaddress.IPv6Address:
    return ipaddress.IPv6Address(bytes.fromhex(figure))


def _subnets_of(addresses: list[str], routes: Facts) -> Iterator[str]:
    """Yield for each address the connected subnet it is in, or itself."""
    networks = [ipaddress.ip_network(name.removeprefix("route ")) for name in routes]
    for address in map(ipaddress.ip_address, addresses):
        inside = [each for each in networks if each.prefixlen and address in each]
        yield str(inside[0]) if inside else str(address)


def read_network(proc: Path = PROC, etc: Path = ETC, sys: Path = SYS) -> Facts:
    """Return interfaces, addresses, routes and what names are looked up by."""
    net = proc / "net"
    facts: Facts = {f"interface {name}": read_interface(sys / name) for _, name in socket.if_nameindex()}
    ipv4_routes = parse_ipv4_routes((net / "route").read_text())
    facts |= ipv4_routes
    own = parse_ipv4_addresses((net / "fib_trie").read_text())
    facts |= _counted(f"address in {subnet}" for subnet in _subnets_of(own, ipv4_routes))
    if (net / "if_inet6").exists():
        facts |= parse_ipv6_routes((net / "ipv6_route").read_text())
        facts |= parse_ipv6_addresses((net / "if_inet6").read_text())
    facts |= parse_hosts((etc / "hosts").read_text(), socket.gethostname())
    return facts | parse_resolver((etc / "resolv.conf").read_text())
