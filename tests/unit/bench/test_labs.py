"""The bench's labs are told from everybody else's, and do not get in each other's way."""

from ipaddress import ip_network
from itertools import combinations

from labctl.features.lifecycle.subnets import USUAL_POOLS
from tests.bench.labs import MOST, OWN_PROJECT, choose_labs
from tests.run_names import RUN


def test_each_lab_has_subnets_and_a_bridge_of_its_own() -> None:
    labs = choose_labs(2 * MOST, ())
    for variable in ("LAB_IPV4_SUBNET", "LAB_IPV6_SUBNET", "LAB_BRIDGE"):
        assert len({lab.variables[variable] for lab in labs}) == len(labs)
    assert max(len(lab.variables["LAB_BRIDGE"]) for lab in labs) <= 15  # the kernel's bound
    few = [ip_network(lab.variables["LAB_IPV4_SUBNET"]) for lab in (*labs[:20], *labs[-20:])]
    assert not [pair for pair in combinations(few, 2) if pair[0].overlaps(pair[1])]


def test_they_are_clear_of_the_pool_of_labctl() -> None:
    for lab in choose_labs(2 * MOST, ()):
        assert not ip_network(lab.variables["LAB_IPV4_SUBNET"]).overlaps(USUAL_POOLS.ipv4)
        assert not ip_network(lab.variables["LAB_IPV6_SUBNET"]).overlaps(USUAL_POOLS.ipv6)


def test_labs_that_are_stuck_are_left_out() -> None:
    stuck = {f"lab-bench-{RUN}-1", f"lab-bench-{RUN}-3"}
    assert [lab.name for lab in choose_labs(2, stuck)] == [f"bench-{RUN}-2", f"bench-{RUN}-4"]


def test_only_the_benchs_own_projects_are_swept() -> None:
    assert all(OWN_PROJECT.fullmatch(lab.project) for lab in choose_labs(12, ()))
    others = ["lab", "lab-ana", "lab-bench", "lab-bench-1", "lab-bench-ana", f"bench-{RUN}-1"]
    others += [f"lab-bench-{RUN}-1-x", f"my-lab-bench-{RUN}-1"]
    assert not any(map(OWN_PROJECT.fullmatch, others))
