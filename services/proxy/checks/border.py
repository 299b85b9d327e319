"""Where the proxy does not lead: back to itself, outside, and to the lab's host."""

from services.checking import Target, check, expect
from services.checking.web import ask_raw, raw_status
from services.proxy.both_ends import CLOSED_PORT, bracketed, our_networks, tunnel

ITSELF = (
    "localhost",
    "127.0.0.1",
    "127.1",
    "2130706433",
    "0x7f000001",
    "0177.0.0.1",
    "[::1]",
    "[0:0:0:0:0:0:0:1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "0.0.0.0",
    "0",
    "[::]",
)
# A check ends with the first that gets through. So those stand first to which the kernel itself connects
# nowhere, and no packet leaves; the rest are for documentation (RFC 5737, RFC 3849). An address that could be
# somebody's, as 10.0.0.1 or 192.168.0.1, is not among them: a wrong proxy would knock at their door.
OUTSIDE = (
    "255.255.255.255",
    "4294967295",
    "224.0.0.1",
    "[ff02::1]",
    "[fe80::1]",
    "203.0.113.1",
    "3405803777",
    "0xcb.0.113.1",
    "[::ffff:203.0.113.1]",
    "198.51.100.1",
    "[2001:db8::1]",
)


@check(needs="gets_a_page_of_a_lab_host")
def does_not_lead_back_to_itself(target: Target) -> None:
    """No spelling of its own loopback address, nor its own name and address, leads back into the proxy."""
    with target.connect() as sock:
        its_own = bracketed(sock.getpeername()[0])
    expect_refused(target, *ITSELF, its_own)


@check(needs="gets_a_page_of_a_lab_host")
def does_not_lead_outside(target: Target) -> None:
    """No address outside the lab is connected to: 403, by GET and by CONNECT, in either family."""
    expect_refused(target, *OUTSIDE)


@check(needs="gets_a_page_of_a_lab_host")
def does_not_lead_to_the_host(target: Target) -> None:
    """The host of the lab is no lab host: the first address of each network, and the network's own."""
    for network in our_networks():
        gateway, itself = str(network[1]), str(network[0])
        mapped = [f"[::ffff:{gateway}]", str(int(network[1]))] if network.version == 4 else []
        expect_refused(target, bracketed(gateway), bracketed(itself), *mapped)


def expect_refused(target: Target, *hosts: str) -> None:
    """Raise CheckFailed unless each host is 403 for GET and for CONNECT (or 400: not understood at all)."""
    for host in hosts:
        answer = ask_raw(
            target,
            f"GET http://{host}:{CLOSED_PORT}/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode(),
        )
        got = raw_status(answer)
        expect(
            got in (403, 400),
            expected=f"status 403 for http://{host}/",
            got=got,
            hint="look at the address, not at the name",
        )
        got, sock = tunnel(target, f"{host}:{CLOSED_PORT}")
        sock.close()
        expect(
            got in (403, 400),
            expected=f"status 403 for CONNECT {host}",
            got=got,
            hint="CONNECT passes the same border",
        )
