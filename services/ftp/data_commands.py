"""Who opens the data connection, and where: PASV and EPSV, PORT and EPRT.

Spec: RFC 959 section 3.2, RFC 2428 (both families), RFC 2577 section 3 (connect to nobody but the client)
"""

import re
from ipaddress import ip_address

from services.ftp.state import Address, Connect, Listen, Refusal, State, Step

PRIVILEGED_PORTS = 1024
_PORT = re.compile(r"([0-9]{1,3}),([0-9]{1,3}),([0-9]{1,3}),([0-9]{1,3}),([0-9]{1,3}),([0-9]{1,3})")
_EPRT = re.compile(
    r"(?P<mark>[!-~])(?P<family>[0-9]+)(?P=mark)(?P<host>[0-9A-Fa-f:.]+)(?P=mark)(?P<port>[0-9]{1,5})(?P=mark)"
)


class DataCommands(State):
    """The commands that stand before a transfer and say how to meet."""

    @property
    def family(self) -> str:
        """The number of our family in RFC 2428: 1 is IPv4, 2 is IPv6."""
        return "1" if self.ours.version == 4 else "2"

    def do_PASV(self, argument: str) -> Step:
        """Listen; the reply names an IPv4 address, so there must be one."""
        self.refuse_after_epsv_all()
        if self.ours.version != 4:
            raise Refusal("425 PASV knows IPv4 addresses only: use EPSV.")
        return Listen(f"227 Entering Passive Mode ({self.passive_host()},{{high}},{{low}}).")

    def passive_host(self) -> str:
        """Return the address that the client has come to, as PASV writes it."""
        return str(self.ours).replace(".", ",")

    def do_EPSV(self, argument: str) -> Step:
        """Listen; the reply names a port alone, for the address and family that we talk with."""
        if argument.upper() == "ALL":
            self.epsv_only = True
            return "200 From now on EPSV alone is taken."
        if argument not in ("", self.family):
            raise Refusal(f"522 Network protocol not supported, use ({self.family}).")
        return Listen("229 Entering Extended Passive Mode (|||{port}|).")

    def do_PORT(self, argument: str) -> Step:
        """Take the client's IPv4 address and port: four numbers and two."""
        self.refuse_after_epsv_all()
        found = _PORT.fullmatch(argument)
        numbers = [int(each) for each in found.groups()] if found else []
        if not found or max(numbers) > 255:
            raise Refusal("501 PORT needs h1,h2,h3,h4,p1,p2.")
        host = ip_address(".".join(map(str, numbers[:4])))
        return self.meet(host, numbers[4] * 256 + numbers[5])

    def do_EPRT(self, argument: str) -> Step:
        """Take the client's address of either family: |family|address|port|."""
        self.refuse_after_epsv_all()
        found = _EPRT.fullmatch(argument)
        if not found:
            raise Refusal("501 EPRT needs |family|address|port|.")
        if found["family"] != self.family:
            raise Refusal(f"522 Network protocol not supported, use ({self.family}).")
        try:
            host = ip_address(found["host"])
        except ValueError:
            raise Refusal("501 This is no address.") from None
        return self.meet(host, int(found["port"]))

    def meet(self, host: Address, port: int) -> Step:
        """Connect to the client alone: else we would attack others for whoever asks (a bounce)."""
        if host != self.theirs:
            raise Refusal("501 That is another address than yours.")
        if not PRIVILEGED_PORTS <= port <= 65535:
            raise Refusal("501 No client waits on such a port.")
        return Connect(host, port)

    def refuse_after_epsv_all(self) -> None:
        """Keep what EPSV ALL has promised (RFC 2428 section 4)."""
        if self.epsv_only:
            raise Refusal("503 You have said EPSV ALL.")
