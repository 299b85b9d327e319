"""How variables are put into a text."""

import pytest

from labctl.composefile.interpolation import InterpolationError, interpolate

VARIABLES = {"A": "one", "B_2": "two", "EMPTY": ""}


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("", ""),
        ("no variable", "no variable"),
        ("$A-$B_2", "one-two"),
        ("${A}${A}", "oneone"),
        ("$$A $${A}", "$A ${A}"),
        ("[$EMPTY]", "[]"),
        ("${A:-x}${A-x}", "oneone"),
        ("${NO:-x y}${NO-}", "x y"),
        ("${EMPTY:-x}[${EMPTY-x}]", "x[]"),
        ("${A:?m}${A?m}[${EMPTY?m}]", "oneone[]"),
        ("${A:+x}[${NO:+x}][${EMPTY:+x}]${EMPTY+x}", "x[][]x"),
        ("${NO:-debian:trixie-slim}", "debian:trixie-slim"),
        ("${NO:--}", "-"),
        ("${NO:-${A}}", "one"),
        ("${NO:-$A}", "one"),
        ("${NO:-x${EMPTY:-${B_2}}y}z", "xtwoyz"),
        ("${A:-${NO}}", "one"),
        ("${A:+<${B_2}>}", "<two>"),
        ("${NO:-{}}", "{}"),  # the brace ends it, as in Compose
    ],
)
def test_variables_are_put_in(text: str, result: str) -> None:
    assert interpolate(text, VARIABLES) == result


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("$NO", "variable NO is not set and has no default"),
        ("${NO}", "variable NO is not set and has no default"),
        ("${NO:?say it}", "variable NO is required: say it"),
        ("${NO?}", "variable NO is required"),
        ("${EMPTY:?say it}", "variable EMPTY is required: say it"),
        ("5$", "a '$' that begins no variable"),
        ("$5", "a '$' that begins no variable"),
        ("${", "a '$' that begins no variable"),
        ("${A", "a '$' that begins no variable"),
        ("${}", "a '$' that begins no variable"),
        ("${A!}", "a '$' that begins no variable"),
        ("${A:b}", "a '$' that begins no variable"),
        ("${NO:-${NO}}", "variable NO is not set and has no default"),
        ("${NO:-${A}", "a '$' that begins no variable"),
        ("${NO:-" * 12 + "x" + "}" * 12, "more than 10 deep"),
    ],
)
def test_what_cannot_be_put_in_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(InterpolationError) as caught:
        interpolate(text, VARIABLES)
    assert sentence in str(caught.value)


def test_a_result_has_a_greatest_length() -> None:
    with pytest.raises(InterpolationError, match="too long"):
        interpolate("$A" * 1000, {"A": "x" * 1000})
