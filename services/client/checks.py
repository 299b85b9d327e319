"""What makes the lab's names right, as the toolbox sees them: every look-up a course makes, with its answer.

No server of ours gives names: the Engine does, from compose.yaml, and the image brings the table of
services. What can be wrong is a forgotten alias, a network without IPv6, an image without its table.
"""

import os
import socket
import time
from collections.abc import Iterable

from services.checking import CheckFailed, CheckSkipped, Target, check, expect, expect_equal

ALIASES = {"www": "static", "smtp": "mail", "pop3": "mail"}
UPPER = (
    "upper-tcp",
    "socketserver",
    "threading",
    "forking",
    "by-hand-threads",
    "by-hand-forks",
    "by-hand-select",
    "asyncio",
)
WELL_KNOWN = {("echo", "tcp"): 7, ("echo", "udp"): 7, ("ftp", "tcp"): 21, ("smtp", "tcp"): 25}
WELL_KNOWN |= {("domain", "udp"): 53, ("http", "tcp"): 80, ("pop3", "tcp"): 110}
AT_ONCE_S = 3.0  # one second of which the resolver may wait for a name server that is not there

FAMILIES = (socket.AF_INET, socket.AF_INET6)

CHOSEN = os.environ.get("LAB_SERVICES", "").split()  # set where a lab has not all services


def present(names: Iterable[str]) -> list[str]:
    """Return those of these services that the lab has.

    Raises:
        CheckSkipped: it has none of them.
    """
    wanted = list(names)
    found = [name for name in wanted if not CHOSEN or name in CHOSEN]
    if not found:
        raise CheckSkipped(f"this lab has no service {' or '.join(dict.fromkeys(wanted))}")
    return found


def addresses_of(name: str, family: socket.AddressFamily) -> set[str]:
    """Return the addresses of a name in one family.

    Raises:
        CheckFailed: it has none.
    """
    try:
        found = socket.getaddrinfo(name, None, family, socket.SOCK_STREAM)
    except socket.gaierror as error:
        raise CheckFailed(f"an {family.name} address of {name}", str(error)) from error
    return {str(address[0]) for *_, address in found}


@check()
def toolbox_knows_its_own_name(target: Target) -> None:
    """The name that gethostname returns leads to an address of this machine."""
    address = socket.gethostbyname(socket.gethostname())
    with socket.socket() as sock:
        sock.bind((address, 0))  # works for an address of one's own only


@check()
def alias_leads_to_the_same_host(target: Target) -> None:
    """`www` is another name of `static`, `smtp` and `pop3` are other names of `mail`, over either family."""
    here = present(ALIASES.values())
    for alias, name in ALIASES.items():
        if name not in here:
            continue
        for family in FAMILIES:
            hint = f"networks: {{default: {{aliases: [{alias}]}}}} of {name}"
            expect_equal(addresses_of(alias, family), addresses_of(name, family), hint=hint)


@check()
def one_name_has_many_addresses(target: Target) -> None:
    """`upper` is a name of every server of the upper-case protocol: gethostbyname_ex lists all addresses."""
    everyone = {socket.gethostbyname(name) for name in present(UPPER)}
    _, _, addresses = socket.gethostbyname_ex("upper")
    expect_equal(set(addresses), everyone, hint="each of them needs the alias `upper`")
    expect(socket.gethostbyname("upper") in everyone, expected="one of them", got="another address")


@check()
def names_have_addresses_of_both_families(target: Target) -> None:
    """A name has an IPv4 and an IPv6 address, and one with many addresses as many of either."""
    here = present(("echo", *ALIASES.values(), *UPPER))
    names = [each for each in ("echo", *ALIASES) if ALIASES.get(each, each) in here]
    for name in (*names, *(["upper"] if {*here} & {*UPPER} else [])):
        ipv4, ipv6 = (addresses_of(name, family) for family in FAMILIES)
        expect_equal(len(ipv6), len(ipv4), hint="the network needs enable_ipv6 and a subnet of either family")


@check()
def getaddrinfo_gives_arguments_for_both_kinds(target: Target) -> None:
    """By a host's and a service's name getaddrinfo finds stream and datagram, both families, and the port."""
    present(["echo"])
    found = {(family, kind, protocol) for family, kind, protocol, *_ in socket.getaddrinfo("echo", "echo")}
    kinds = ((socket.SOCK_STREAM, socket.IPPROTO_TCP), (socket.SOCK_DGRAM, socket.IPPROTO_UDP))
    expect_equal(found, {(family, *kind) for family in FAMILIES for kind in kinds})
    expect_equal({address[1] for *_, address in socket.getaddrinfo("echo", "echo")}, {7})


@check()
def address_leads_back_to_its_name(target: Target) -> None:
    """An address of `echo` leads back to a name, by gethostbyaddr, and that name to the address again."""
    present(["echo"])
    for family in FAMILIES:
        for address in addresses_of("echo", family):
            name, _, _ = socket.gethostbyaddr(address)
            expect("echo" in name, expected="a name with `echo` in it", got=name)
            expect_equal(addresses_of(name, family), {address})


@check()
def services_have_names_and_ports(target: Target) -> None:
    """The well-known services have names and ports: getservbyname and getservbyport agree."""
    for (name, protocol), port in WELL_KNOWN.items():
        expect_equal(socket.getservbyname(name, protocol), port, hint="Debian's table is in netbase")
        expect_equal(socket.getservbyport(port, protocol), name)


@check()
def unknown_name_fails_at_once(target: Target) -> None:
    """A name that nobody has is an error within three seconds, with or without a dot in it."""
    for name in ("nosuch", "no.such"):
        began = time.monotonic()
        try:
            found = socket.gethostbyname(name)
        except socket.gaierror:
            waited_s = time.monotonic() - began
            expect(waited_s < AT_ONCE_S, expected="an error at once", got=f"an error after {waited_s:.1f} s")
        else:
            raise CheckFailed(f"no address of {name}", found, "a resolver should not make addresses up")
