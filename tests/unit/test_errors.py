"""What a user is told of an error: one line a fact, and nothing that a terminal would obey."""

import pytest

from labctl.errors import InputError, LabError, shown

ESCAPES = "\x1b]0;title\x07 \x9b31m \r"


@pytest.mark.parametrize(
    ("words", "on_the_terminal"),
    [
        ("as it is: 'ü' 漢字\ttab", "as it is: 'ü' 漢字\ttab"),
        ("a\nb", r"a\nb"),
        (ESCAPES, r"\x1b]0;title\x07 \x9b31m \r"),
        ("\udcff", r"\udcff"),
        ("\u202e", r"\u202e"),
    ],
)
def test_what_a_terminal_would_obey_is_written_out(words: str, on_the_terminal: str) -> None:
    assert shown(words) == on_the_terminal


def test_wrong_input_is_told_in_one_line_whatever_is_in_it() -> None:
    assert InputError("w\nw", where="x\ny", hint="z\nz").render() == r"error: x\ny: w\nw (try: z\nz)"


def test_evidence_has_its_lines_and_nothing_else_of_its_own() -> None:
    error = LabError("it failed", where="here", log=f"one\ntwo {ESCAPES}end")
    assert error.render().splitlines() == [
        "error: it failed",
        " where: here",
        "   log: one",
        r"   log: two \x1b]0;title\x07 \x9b31m ",
        "   log: end",
    ]
