"""What a table says of published ports."""

from labctl.cli.output import host_addresses


def test_consecutive_ports_are_shown_as_a_range() -> None:
    published = [f"127.0.0.1:{port}/tcp" for port in (30000, 30001, 30002, 2121)]
    assert host_addresses(published) == "127.0.0.1:2121/tcp 127.0.0.1:30000-30002/tcp"


def test_one_port_of_two_protocols_is_two() -> None:
    assert (
        host_addresses(["127.0.0.1:9997/udp", "127.0.0.1:9997/tcp"])
        == "127.0.0.1:9997/tcp 127.0.0.1:9997/udp"
    )
