"""Whom the checks talk to: one server, by name and port."""

import socket
from dataclasses import dataclass, replace
from typing import Any

from services.checking.expectations import CheckFailed, CheckSkipped

AddressInfo = tuple[socket.AddressFamily, socket.SocketKind, int, str, Any]  # as getaddrinfo gives it
REFUSAL_S = 0.1  # on one network a refusal comes with the send
SOCKET_TIMEOUT_S = 5.0  # a lab is on one machine: an answer later than this is no answer

FAMILIES = {"ipv4": socket.AF_INET, "ipv6": socket.AF_INET6}  # as a run of checks is told them
_FAMILY_NAMES = {socket.AF_INET: "IPv4", socket.AF_INET6: "IPv6"}


@dataclass(frozen=True)
class Target:
    """A server under check.

    Attributes:
        service: the Compose service whose rules are asked for.
        host: name or address of the server.
        listens: where it listens, main port first, as `7/tcp`.
        family: `AF_UNSPEC`, or the one address family to use.
        foreign: whether it is somebody's own server (`--against`), not one of the lab's.
        name: what `over` looks up, once `host` is an address; empty: the host.
    """

    service: str
    host: str
    listens: tuple[str, ...]
    family: socket.AddressFamily = socket.AF_UNSPEC
    foreign: bool = False
    name: str = ""

    @property
    def port(self) -> int:
        """The main port."""
        return int(self.listens[0].partition("/")[0])

    @property
    def netloc(self) -> str:
        """`host:port` as URLs spell it (RFC 3986 section 3.2), an IPv6 address in brackets."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    def over(self, family: socket.AddressFamily) -> "Target":
        """Return the same target at its first address of one family; again, if need be, of the other.

        Raises:
            CheckFailed: a lab's server has no such address.
            CheckSkipped: somebody's own server has none.
        """
        name = self.name or self.host
        try:
            found = socket.getaddrinfo(name, self.port, family, socket.SOCK_STREAM)
        except socket.gaierror as error:
            wanted = _FAMILY_NAMES.get(family, family.name)
            if self.foreign:
                raise CheckSkipped(f"{name} has no {wanted} address") from error
            raise CheckFailed(f"an {wanted} address for {name}", str(error)) from error
        return replace(self, host=str(found[0][4][0]), family=family, name=name)

    def connect(self, port: int | None = None) -> socket.socket:
        """Return a new TCP connection, by default to the main port, with a timeout set.

        Raises:
            OSError: it was refused or timed out; a check lets it through, and so fails.
        """
        return socket.create_connection((self.host, port or self.port), timeout=SOCKET_TIMEOUT_S)

    def datagram_socket(self, port: int | None = None) -> socket.socket:
        """Return a UDP socket connected to the server, so that a refusal is an error here.

        Where somebody's own server has several addresses, one that refuses a datagram is passed over, as
        `create_connection` does for TCP. A lab's server has to listen at each: its first one is taken.

        Raises:
            OSError: the name has no address, or each of several refuses; the error names them.
        """
        found = socket.getaddrinfo(self.host, port or self.port, self.family, socket.SOCK_DGRAM)
        if self.foreign and len(found) > 1:
            asked = ", ".join(str(address[0]) for *_, address in found)
            found = [each for each in found if not _refuses(each)]
            if not found:
                raise ConnectionRefusedError(f"no address of {self.host} listens (asked {asked})")
        return _connected(found[0], SOCKET_TIMEOUT_S)


def _connected(found: AddressInfo, timeout_s: float) -> socket.socket:
    family, kind, protocol, _, address = found
    sock = socket.socket(family, kind, protocol)
    sock.settimeout(timeout_s)
    try:
        sock.connect(address)
    except OSError:
        sock.close()
        raise
    return sock


def _refuses(found: AddressInfo) -> bool:
    """Return whether an empty datagram to an address is refused within a moment."""
    try:
        with _connected(found, REFUSAL_S) as sock:
            sock.send(b"")
            sock.recv(1)
    except TimeoutError:
        return False
    except OSError:
        return True
    return False
