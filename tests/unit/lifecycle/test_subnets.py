"""Choosing a lab's subnets: clear of everything the machine has."""

import pytest

from labctl.errors import InputError, UnhealthyError
from labctl.features.lifecycle.routes import parse_ipv6_route, parse_route
from labctl.features.lifecycle.subnets import choose_subnets, read_pools

WANTED = ("10.89.0.0/26", "fd6c:6162::/64")


def test_what_is_wanted_is_taken_when_it_is_free() -> None:
    assert choose_subnets(WANTED, ["172.17.0.0/16", "fd00::/64"]) == WANTED


def test_without_a_wish_the_first_free_ones_are_taken() -> None:
    assert choose_subnets((), WANTED) == ("10.89.0.64/26", "fd6c:6162:0:1::/64")


def test_a_clash_in_one_family_moves_both() -> None:
    assert choose_subnets(WANTED, ["fd6c:6162::/60"]) == ("10.89.4.0/26", "fd6c:6162:0:10::/64")


def test_a_wider_route_of_a_vpn_is_kept_clear_of() -> None:
    assert choose_subnets(WANTED, ["10.89.0.0/17"])[0] == "10.89.128.0/26"


def test_the_default_route_blocks_nothing() -> None:
    assert choose_subnets(WANTED, ["0.0.0.0/0", "::/0"]) == WANTED


def test_a_full_pool_is_told_with_what_takes_it() -> None:
    with pytest.raises(UnhealthyError, match="no free subnet") as caught:
        choose_subnets((), ["10.0.0.0/8"])
    assert "10.0.0.0/8" in caught.value.log


@pytest.mark.parametrize(
    ("taken", "named", "settings"),
    [
        (["10.0.0.0/8"], "10.89.0.0/16", ["LABCTL_IPV4_POOL=172.30.0.0/16"]),
        (["10.0.0.0/8", "172.16.0.0/12"], "10.89.0.0/16", ["LABCTL_IPV4_POOL=192.168.0.0/16"]),
        (["10.89.0.0/16", "172.30.9.0/24", "192.168.1.0/24"], "", ["LABCTL_IPV4_POOL=10.200.0.0/16"]),
        (["fd00::/8"], "fd6c:6162::/48", ["LABCTL_IPV6_POOL=2001:db8:6162::/48"]),
        (["fd6c:6162::/48", "10.89.0.0/24"], "fd6c:6162::/48", ["LABCTL_IPV6_POOL=fd6c:6163::/48"]),
        (
            ["10.89.0.0/17", "fd6c:6162:0:200::/55"],  # half of each, and no pair of both
            "10.89.0.0/16 and fd6c:6162::/48",
            ["LABCTL_IPV4_POOL=172.30.0.0/16", "LABCTL_IPV6_POOL=fd6c:6163::/48"],
        ),
    ],
)
def test_a_full_pool_is_told_with_one_that_is_clear(
    taken: list[str], named: str, settings: list[str]
) -> None:
    with pytest.raises(UnhealthyError) as caught:
        choose_subnets((), taken)
    assert caught.value.what.endswith(named)
    assert caught.value.hint.partition(" labctl up")[0].split() == settings
    assert choose_subnets((), taken, read_pools(dict(each.split("=") for each in settings)))


def test_a_hundred_labs_get_subnets_of_their_own() -> None:
    taken: list[str] = []
    for _ in range(100):
        taken += choose_subnets((), taken)
    assert len(set(taken)) == 200


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("eth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0", None),
        ("eth0\t000200C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0", "192.0.2.0/24"),
        ("tun0\t0000590A\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0", "10.89.0.0/16"),
        ("", None),
    ],
)
def test_a_line_of_the_kernels_table_is_read(line: str, expected: str | None) -> None:
    assert parse_route(line) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("fd6c61630000000000000000000000000 40"[:32] + " 40 00 00", "fd6c:6163::/64"),
        ("0" * 32 + " 00 00 00", None),
        ("fd6c6163000000000000000000000001 80 00 00", None),
        ("", None),
    ],
)
def test_a_line_of_the_kernels_ipv6_table_is_read(line: str, expected: str | None) -> None:
    assert parse_ipv6_route(line) == expected


def test_labs_are_taken_from_the_pools_that_were_set() -> None:
    pools = read_pools({"LABCTL_IPV4_POOL": "10.200.0.0/24", "LABCTL_IPV6_POOL": "fd00:1::/60"})
    taken: list[str] = []
    for _ in range(4):
        taken += choose_subnets((), taken, pools)
    assert taken[-2:] == ["10.200.0.192/26", "fd00:1:0:3::/64"]
    with pytest.raises(UnhealthyError, match=r"10\.200\.0\.0/24"):
        choose_subnets((), taken, pools)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("LABCTL_IPV4_POOL", "lots"),
        ("LABCTL_IPV4_POOL", "10.200.0.1/16"),
        ("LABCTL_IPV4_POOL", "10.200.0.0/27"),
        ("LABCTL_IPV4_POOL", "fd00::/48"),
        ("LABCTL_IPV6_POOL", "fd00::/80"),
    ],
)
def test_a_pool_that_is_none_is_refused_by_its_variable(variable: str, value: str) -> None:
    with pytest.raises(InputError) as caught:
        read_pools({variable: value})
    assert caught.value.where == variable
