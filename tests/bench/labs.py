"""The labs of a bench: names that nobody else uses, and what Compose is told of each."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network
from itertools import count, islice

from labctl.model import project_name
from tests.run_names import RUN

OWN_PROJECT = re.compile(rf"lab-bench-{RUN}-\d+")
# Clear of the pool that labctl takes its subnets from, for it makes labs in the same run.
IPV4_POOL = IPv4Network("10.88.0.0/16")
IPV6_POOL = IPv6Network("fd6c:6164::/48")
MOST = 500  # labs of a class: the pool has room for them, and for as many that are stuck


@dataclass(frozen=True)
class BenchLab:
    """A lab, told from the others of the bench by its number."""

    number: int

    @property
    def name(self) -> str:
        """The lab's name."""
        return f"bench-{RUN}-{self.number}"

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
            "LAB_BRIDGE": f"lab-{RUN}-{self.number}",
            "LAB_INTERNAL": "true",
        }


def choose_labs(size: int, stuck: Collection[str]) -> list[BenchLab]:
    """Return the labs to work on.

    Args:
        size: how many.
        stuck: projects of which the Engine keeps a network; Compose could not make them anew.
    """
    return list(islice((lab for lab in map(BenchLab, count(1)) if lab.project not in stuck), size))
