"""Which subnets this host has routes to, as the kernel lists them (Linux; elsewhere, none)."""

from collections.abc import Callable
from ipaddress import IPv4Address, IPv4Network, IPv6Address
from pathlib import Path

ROUTES = Path("/proc/net/route")
IPV6_ROUTES = Path("/proc/net/ipv6_route")


def read_routes(table: Path = ROUTES, ipv6_table: Path = IPV6_ROUTES) -> list[str]:
    """Return the subnets this host has routes to, default routes left out."""
    return [*_read(table, 1, parse_route), *_read(ipv6_table, 0, parse_ipv6_route)]


def _read(table: Path, heading_lines: int, parse: Callable[[str], str | None]) -> list[str]:
    try:
        lines = table.read_text().splitlines()[heading_lines:]
    except OSError:
        return []
    return [route for line in lines if (route := parse(line)) is not None]


def parse_route(line: str) -> str | None:
    """Return one line's subnet; its figures are hexadecimal, in the host's byte order."""
    columns = line.split()
    if len(columns) < 8:
        return None
    destination = IPv4Address(bytes.fromhex(columns[1])[::-1])
    mask = IPv4Address(bytes.fromhex(columns[7])[::-1])
    network = IPv4Network(f"{destination}/{mask}", strict=False)
    return str(network) if network.prefixlen else None


def parse_ipv6_route(line: str) -> str | None:
    """Return one line's subnet, hexadecimal in the network's byte order; those of single hosts are none."""
    columns = line.split()
    if len(columns) < 2:
        return None
    length = int(columns[1], 16)
    return f"{IPv6Address(bytes.fromhex(columns[0]))}/{length}" if 0 < length < 128 else None
