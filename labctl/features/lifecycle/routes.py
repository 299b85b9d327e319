"""Which subnets this host has routes to, as the kernel lists them (Linux; elsewhere, none)."""

from ipaddress import IPv4Address, IPv4Network
from pathlib import Path

ROUTES = Path("/proc/net/route")


def read_routes(table: Path = ROUTES) -> list[str]:
    """Return the IPv4 subnets this host has routes to, the default route left out."""
    try:
        lines = table.read_text().splitlines()[1:]
    except OSError:
        return []
    return [route for line in lines if (route := parse_route(line)) is not None]


def parse_route(line: str) -> str | None:
    """Return one line's subnet; its figures are hexadecimal, in the host's byte order."""
    columns = line.split()
    if len(columns) < 8:
        return None
    destination = IPv4Address(bytes.fromhex(columns[1])[::-1])
    mask = IPv4Address(bytes.fromhex(columns[7])[::-1])
    network = IPv4Network(f"{destination}/{mask}", strict=False)
    return str(network) if network.prefixlen else None
