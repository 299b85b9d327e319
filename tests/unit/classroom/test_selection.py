"""Names and patterns: which labs are meant."""

import pytest

from labctl.errors import InputError
from labctl.features.classroom.selection import select_labs

THERE = ["ana", "anton", "ben"]


def test_a_name_stands_for_itself_whether_it_is_there_or_not() -> None:
    assert select_labs(["zoe", "ana", "zoe"], THERE) == ["zoe", "ana"]


def test_a_pattern_stands_for_those_that_are_there() -> None:
    assert select_labs(["an*"], THERE) == ["ana", "anton"]
    assert select_labs(["?en", "a[n]a"], THERE) == ["ben", "ana"]


def test_a_pattern_that_nobody_matches_is_told_with_who_is_there() -> None:
    with pytest.raises(InputError, match=r"no lab matches 'z\*'.*ana, anton, ben"):
        select_labs(["z*"], THERE)


def test_a_name_that_cannot_be_a_labs_is_refused() -> None:
    with pytest.raises(InputError, match="cannot be a lab's name"):
        select_labs(["Ana Müller"], THERE)
