"""`--against` takes HOST[:PORT], and says what to write instead of anything else."""

import pytest

from labctl.errors import InputError
from labctl.features.checks.run import Against, parse_against


@pytest.mark.parametrize(
    ("text", "host", "port"),
    [
        ("client", "client", 0),
        ("client:7000", "client", 7000),
        ("[fd00::1]:7", "fd00::1", 7),
        ("[::1]", "::1", 0),
        ("client:65535", "client", 65535),
    ],
)
def test_a_host_and_a_port_are_taken(text: str, host: str, port: int) -> None:
    assert parse_against(text) == Against(host, port)


USUAL = "(try: --against client:7000)"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("http://client:7001", "'http://client:7001' is a URL (try: --against client:7001)"),
        (
            "http://a@b@client:7001/page",
            "'http://a@b@client:7001/page' is a URL (try: --against client:7001)",
        ),
        ("http://", f"'http://' is a URL {USUAL}"),
        ("client:0", f"no server listens on port 0 {USUAL}"),
        ("client:00", f"no server listens on port 0 {USUAL}"),
        ("client:http", f"'client:http' is no HOST:PORT {USUAL}"),
        ("client:65536", f"'client:65536' is no HOST:PORT {USUAL}"),
        (":7", f"':7' is no HOST:PORT {USUAL}"),
        ("[]:7", f"'[]:7' is no HOST:PORT {USUAL}"),
    ],
)
def test_what_is_no_place_is_refused_with_what_to_write(text: str, told: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_against(text)
    assert caught.value.render() == f"error: --against: {told}"
