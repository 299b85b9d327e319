"""What a check says when the server is wrong: expected, got, and a hint, shown in full."""

SHOWN_CHARACTERS = 400  # of one value; longer ones keep both ends and say what was left out


class CheckFailed(Exception):
    """The server did not do what the check's sentence says."""

    def __init__(self, expected: str, got: str, hint: str = "") -> None:
        super().__init__(f"expected {expected}, got {got}")
        self.expected = expected
        self.got = got
        self.hint = hint


class CheckSkipped(Exception):
    """The check cannot be asked of this target; the text says why."""


def show(value: object) -> str:
    """Return a value as text a person can compare, its middle left out when it is long."""
    text = value if isinstance(value, str) else repr(value)
    if len(text) <= SHOWN_CHARACTERS:
        return text
    half = SHOWN_CHARACTERS // 2
    return f"{text[:half]} ... {len(text) - 2 * half} characters ... {text[-half:]}"


def expect_equal(got: object, expected: object, *, hint: str = "") -> None:
    """Raise CheckFailed, with both values shown, unless they are equal."""
    if got != expected:
        raise CheckFailed(show(repr(expected)), show(repr(got)), hint)


def expect(holds: object, *, expected: str, got: object, hint: str = "") -> None:
    """Raise CheckFailed unless `holds` is true; `expected` is a phrase, `got` is shown as is."""
    if not holds:
        raise CheckFailed(expected, show(got), hint)
