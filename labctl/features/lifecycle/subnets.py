"""Room for each lab: a small IPv4 and IPv6 subnet of its own, clear of all the machine has.

The Engine's default address pools end after about thirty networks and know nothing of the routes
of a VPN or a campus; so every lab's subnets are chosen here and asked for by name.
"""

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Network, IPv6Network, ip_network

from labctl.errors import UnhealthyError

POOL = IPv4Network("10.89.0.0/16")
SIZE = 26  # 62 hosts: a lab has some 25 containers; 1,024 labs fit into the pool
ULA = IPv6Network("fd6c:6162::/48")  # RFC 4193; a /64 a lab, its number that of the IPv4 subnet


def choose_subnets(wanted: Sequence[str], taken: Iterable[str]) -> tuple[str, ...]:
    """Return the subnets for one lab.

    Args:
        wanted: what the definition asks for; taken as they are when they are free.
        taken: every subnet the machine already has: Docker's networks and the host's routes.

    Raises:
        UnhealthyError: the whole pool is taken.
    """
    blockers = [ip_network(each, strict=False) for each in taken]
    if wanted and not any(_overlaps(each, blockers) for each in wanted):
        return tuple(wanted)
    for number, subnet in enumerate(POOL.subnets(new_prefix=SIZE)):
        ula = IPv6Network((int(ULA.network_address) + (number << 64), 64))
        chosen = (str(subnet), str(ula))
        if not any(_overlaps(each, blockers) for each in chosen):
            return chosen
    raise UnhealthyError(
        f"no free subnet is left in {POOL}",
        log="\n".join(f"taken: {each}" for each in blockers if _overlaps(str(POOL), [each]))[:800],
        hint="labctl down --all",
    )


def _overlaps(subnet: str, blockers: Iterable[IPv4Network | IPv6Network]) -> bool:
    mine = ip_network(subnet, strict=False)
    # A default route covers everything and blocks nothing.
    return any(
        each.prefixlen > 0 and each.version == mine.version and mine.overlaps(each) for each in blockers
    )
