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
    ],
)
def test_a_host_and_a_port_are_taken(text: str, host: str, port: int) -> None:
    assert parse_against(text) == Against(host, port)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("http://client:7000", "--against client:7000"),
        ("http://me@client:7000/page", "--against client:7000"),
        ("client:0", "--against client:7000"),
        ("client:00", "--against client:7000"),
        ("client:http", "--against client:7000"),
    ],
)
def test_what_is_no_place_is_refused_with_what_to_write(text: str, hint: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_against(text)
    assert caught.value.hint == hint
