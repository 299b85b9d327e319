"""What a user is told of an error: one line a fact, and nothing that a terminal would obey."""

from labctl.errors import InputError, LabError

ESCAPES = "\x1b]0;title\x07 \x9b31m \r"


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
