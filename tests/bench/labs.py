"""The labs of a bench: names that nobody else uses, and what Compose is told of each."""

import re
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network

from labctl.model import project_name

OWN_PROJECT = re.compile(r"lab-bench-(one|class-\d+)")
# Clear of the pool that labctl takes its subnets from, for it makes labs in the same run.
IPV4_POOL = IPv4Network("10.88.0.0/16")
IPV6_POOL = IPv6Network("fd6c:6164::/48")
MOST = 500  # labs of a class: what the pool has room for, and more than any machine


@dataclass(frozen=True)
class BenchLab:
    """A lab by its name; its number sets it apart from the others of the bench."""

    name: str
    number: int

    @property
    def project(self) -> str:
        """The Compose project."""
        return project_name(self.name)

    @property
    def variables(self) -> dict[str, str]:
        """What compose.yaml leaves open, such that this lab is as one that labctl makes of the name."""
        ipv4 = IPv4Network((int(IPV4_POOL.network_address) + (self.number << 6), 26))
        ipv6 = IPv6Network((int(IPV6_POOL.network_address) + (self.number << 64), 64))
        return {
            "LAB_IPV4_SUBNET": str(ipv4),
            "LAB_IPV6_SUBNET": str(ipv6),
            "LAB_BRIDGE": f"lab-bench-{self.number}",
            "LAB_INTERNAL": "true",
        }


def one_lab() -> list[BenchLab]:
    """Return the lab of a bench of one lab."""
    return [BenchLab("bench-one", 0)]


def class_of(size: int) -> list[BenchLab]:
    """Return the labs of a class."""
    return [BenchLab(f"bench-class-{number}", number) for number in range(1, size + 1)]
