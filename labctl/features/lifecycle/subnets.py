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

# Pools to propose where the set ones are full: private (RFC 1918, 4193), the last of each for
# benchmarks (RFC 2544) and examples (RFC 3849), to which no network has routes.
SPARE_IPV4_POOLS = ("172.30.0.0/16", "192.168.0.0/16", "10.200.0.0/16", "198.18.0.0/16")
SPARE_IPV6_POOLS = ("fd6c:6163::/48", "fdab:6162::/48", "2001:db8:6162::/48")

Subnet = IPv4Network | IPv6Network


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
    raise _all_taken(pools, blockers)


def _all_taken(pools: Pools, blockers: Sequence[Subnet]) -> UnhealthyError:
    """Return the error that names the pools without room, what takes it, and pools that are clear."""
    ipv4, ipv6 = zip(*pools.pairs(), strict=True)
    families = (
        (pools.ipv4, ipv4, IPV4_VARIABLE, SPARE_IPV4_POOLS),
        (pools.ipv6, ipv6, IPV6_VARIABLE, SPARE_IPV6_POOLS),
    )
    full = [each for each in families if all(_overlaps(subnet, blockers) for subnet in each[1])]
    settings: list[str] = []
    for _, _, variable, spare_pools in full or families:  # or room in each, but never for the same lab
        settings += [f"{variable}={each}" for each in spare_pools if not _overlaps(each, blockers)][:1]
    names = [str(pool) for pool, *_ in full or families]
    in_the_way = [each for each in blockers if any(_overlaps(name, [each]) for name in names)]
    return UnhealthyError(
        f"no free subnet is left in {' and '.join(names)}",
        log="\n".join(f"taken: {each}" for each in in_the_way)[:800],
        hint=f"{' '.join(settings)} labctl up   # or, if it is labs that take them: labctl down --all",
    )


def _overlaps(subnet: str, blockers: Iterable[Subnet]) -> bool:
    mine = ip_network(subnet, strict=False)
    # A default route covers everything and blocks nothing.
    return any(
        each.prefixlen > 0 and each.version == mine.version and mine.overlaps(each) for each in blockers
    )
