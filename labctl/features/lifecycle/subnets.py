"""Room for each lab: a small IPv4 and IPv6 subnet of its own, clear of all the machine has.

The Engine's default address pools end after about thirty networks and know nothing of the routes
of a VPN or a campus; so every lab's subnets are chosen here and asked for by name.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network

from labctl.errors import InputError, UnhealthyError

SIZE = 26  # 62 hosts: a lab has some 25 containers; 1,024 labs fit into the usual pool
ULA_SIZE = 64
IPV4_VARIABLE = "LABCTL_IPV4_POOL"
IPV6_VARIABLE = "LABCTL_IPV6_POOL"


@dataclass(frozen=True)
class Pools:
    """What labs' subnets are taken from: a lab's IPv6 subnet has the number of its IPv4 one."""

    ipv4: IPv4Network = IPv4Network("10.89.0.0/16")  # noqa: RUF009 (a constant, as much as a number)
    ipv6: IPv6Network = IPv6Network("fd6c:6162::/48")  # noqa: RUF009 (unique local, RFC 4193)

    def pairs(self) -> Iterable[tuple[str, str]]:
        """Yield the subnets of each lab there is room for."""
        ipv6 = self.ipv6.subnets(new_prefix=ULA_SIZE)
        return ((str(a), str(b)) for a, b in zip(self.ipv4.subnets(new_prefix=SIZE), ipv6, strict=False))


USUAL_POOLS = Pools()


def read_pools(environ: Mapping[str, str]) -> Pools:
    """Return the pools that LABCTL_IPV4_POOL and LABCTL_IPV6_POOL name, or the usual ones.

    Raises:
        InputError: one is no subnet, or has no room for a lab.
    """
    usual = USUAL_POOLS
    try:
        ipv4 = IPv4Network(environ.get(IPV4_VARIABLE) or usual.ipv4)
    except ValueError as error:
        raise InputError(str(error), where=IPV4_VARIABLE, hint=f"{IPV4_VARIABLE}={usual.ipv4}") from None
    try:
        ipv6 = IPv6Network(environ.get(IPV6_VARIABLE) or usual.ipv6)
    except ValueError as error:
        raise InputError(str(error), where=IPV6_VARIABLE, hint=f"{IPV6_VARIABLE}={usual.ipv6}") from None
    for variable, pool, size in ((IPV4_VARIABLE, ipv4, SIZE), (IPV6_VARIABLE, ipv6, ULA_SIZE)):
        if pool.prefixlen > size:
            raise InputError(f"{pool} has no room for one lab, a /{size}", where=variable)
    return Pools(ipv4, ipv6)


def choose_subnets(
    wanted: Sequence[str], taken: Iterable[str], pools: Pools = USUAL_POOLS
) -> tuple[str, ...]:
    """Return the subnets for one lab.

    Args:
        wanted: what the definition asks for; taken as they are when they are free.
        taken: every subnet the machine already has: Docker's networks and the host's routes.
        pools: what to take from.

    Raises:
        UnhealthyError: the pools are all taken.
    """
    blockers = [ip_network(each, strict=False) for each in taken]
    if wanted and not any(_overlaps(each, blockers) for each in wanted):
        return tuple(wanted)
    for chosen in pools.pairs():
        if not any(_overlaps(each, blockers) for each in chosen):
            return chosen
    in_the_way = [
        each for each in blockers if _overlaps(str(pools.ipv4), [each]) or _overlaps(str(pools.ipv6), [each])
    ]
    raise UnhealthyError(
        f"no free subnet is left in {pools.ipv4} and {pools.ipv6}",
        log="\n".join(f"taken: {each}" for each in in_the_way)[:800],
        hint=f"labctl down --all, or another pool: {IPV4_VARIABLE}=10.200.0.0/16 labctl up",
    )


def _overlaps(subnet: str, blockers: Iterable[IPv4Network | IPv6Network]) -> bool:
    mine = ip_network(subnet, strict=False)
    # A default route covers everything and blocks nothing.
    return any(
        each.prefixlen > 0 and each.version == mine.version and mine.overlaps(each) for each in blockers
    )
