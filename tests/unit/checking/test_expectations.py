"""What a failed check shows: both values, and of a long one its ends."""

import pytest

from services.checking.expectations import SHOWN_CHARACTERS, CheckFailed, expect, expect_equal, show


def test_text_is_shown_as_it_is_and_anything_else_as_python_writes_it() -> None:
    assert show("a b") == "a b"
    assert show(b"a b") == "b'a b'"
    assert show(7) == "7"


def test_of_a_long_value_both_ends_are_shown() -> None:
    whole = "a" * (SHOWN_CHARACTERS // 2) + "b" * (SHOWN_CHARACTERS // 2)
    assert show(whole) == whole
    longer = f"{whole[:200]}xyz{whole[200:]}"
    assert show(longer) == f"{'a' * 200} ... 3 characters ... {'b' * 200}"


def test_equal_values_are_as_expected_and_others_are_both_shown() -> None:
    expect_equal(b"x", b"x")
    with pytest.raises(CheckFailed) as caught:
        expect_equal(b"y", "x", hint="look")
    failure = caught.value
    assert (failure.expected, failure.got, failure.hint) == ("'x'", "b'y'", "look")
    assert str(failure) == "expected 'x', got b'y'"
    with pytest.raises(CheckFailed) as caught:
        expect_equal(1, 2)
    assert caught.value.hint == CheckFailed("a", "b").hint == ""


def test_a_condition_fails_with_a_phrase_and_what_was_got() -> None:
    expect(["anything"], expected="a list", got="nothing")
    with pytest.raises(CheckFailed) as caught:
        expect([], expected="a list with something in it", got=[])
    failure = caught.value
    assert (failure.expected, failure.got, failure.hint) == ("a list with something in it", "[]", "")
