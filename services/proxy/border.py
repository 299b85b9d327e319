"""Which addresses are hosts of this lab: the one question that the proxy asks before it connects.

A lab host is whoever shares a network with the proxy, as the kernel's routing tables tell: what they reach
without a gateway. That leaves out the outside and other labs, which lie behind one. It leaves out as well

- the host of all labs: it has the first address of each network, whether or not a route names it, and
  answers to an IPv6 network's address itself (the subnet-router anycast address, RFC 4291 section 2.6.1);
- the proxy itself: what it listens on, or asks itself, is nobody else's to reach;
- loopback, link-local and multicast addresses, which mean somebody else on each machine.

The decision is about addresses, never about names or spellings: `127.1`, `0x7f000001`, `2130706433` and
`::ffff:127.0.0.1` are one address by the time it is asked for.
"""

import ipaddress
import socket
import struct
from pathlib import Path
from typing import cast

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
SocketAddress = tuple[str, int] | tuple[str, int, int, int]

ROUTES = Path("/proc/net/route")
ROUTES6 = Path("/proc/net/ipv6_route")


class NotALabHostError(Exception):
    """None of a name's addresses is a host of this lab."""


def lab_addresses(host: str, port: int) -> list[tuple[socket.AddressFamily, SocketAddress]]:
    """Look a name up, once, and return those of its addresses that may be connected to.

    Who connects to what is returned here, and does not look the name up again, cannot be led astray by a
    name server that answers the second question differently (DNS rebinding).

    Raises:
        OSError: the name has no address.
        NotALabHostError: it has, but none in this lab.
    """
    networks = read_networks()
    allowed: list[tuple[socket.AddressFamily, SocketAddress]] = []
    for family, _, _, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        if is_lab_host(ipaddress.ip_address(str(address[0])), networks):
            allowed.append((family, cast(SocketAddress, address)))
    if not allowed:
        raise NotALabHostError
    return allowed


def is_lab_host(address: Address, networks: list[Network]) -> bool:
    """Tell whether an address is a host of one of these networks: not their gateway, not we ourselves."""
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return not is_ours(address) and any(
        address in network and address not in (network[0], network[1], network.broadcast_address)
        for network in networks
        if address.version == network.version
    )


def is_ours(address: Address) -> bool:
    """Tell whether an address is our own: those are the ones that a socket can be bound to."""
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6
    with socket.socket(family, socket.SOCK_STREAM) as sock:
        try:
            sock.bind((str(address), 0))
        except OSError:
            return False
        return True


def read_networks() -> list[Network]:
    """Return the networks that we are on, by the kernel's routing tables as they are now."""
    return [*networks_of_routes(ROUTES.read_text()), *networks_of_routes6(ROUTES6.read_text())]


def networks_of_routes(table: str) -> list[Network]:
    """Return the networks without a gateway of an IPv4 table: a line of hexadecimal words for each route."""
    networks: list[Network] = []
    for line in table.splitlines()[1:]:
        _, destination, gateway, _, _, _, _, mask, *_ = line.split()
        address, prefix = (
            ipaddress.IPv4Address(struct.pack("=I", int(word, 16))) for word in (destination, mask)
        )
        network = ipaddress.IPv4Network(f"{address}/{prefix}")
        if int(gateway, 16) == 0 and 0 < network.prefixlen < 31:
            networks.append(network)
    return networks


def networks_of_routes6(table: str) -> list[Network]:
    """Return the same of an IPv6 table, without the loopback, link-local and multicast ones."""
    networks: list[Network] = []
    for line in table.splitlines():
        destination, prefix, _, _, gateway, *_, device = line.split()
        network = ipaddress.IPv6Network((bytes.fromhex(destination), int(prefix, 16)))
        everyones = network.is_link_local or network.is_multicast or device == "lo"
        if int(gateway, 16) == 0 and 0 < network.prefixlen < 127 and not everyones:
            networks.append(network)
    return networks
