"""Text that somebody else wrote: whatever a terminal would obey is written out."""

import sys

import pytest

from labctl.escaping import escape_bytes, escape_line, escape_text


@pytest.mark.parametrize(
    ("words", "on_the_terminal"),
    [
        ("as it is: 'ü' 漢字\ttab", "as it is: 'ü' 漢字\ttab"),
        ("a\nb\r", r"a\nb\r"),
        ("\x1b]0;title\x07 \x9b31m \x9d52;c;cm0=\x9c \r", r"\x1b]0;title\x07 \x9b31m \x9d52;c;cm0=\x9c \r"),
        ("\udcff", r"\udcff"),
        ("\u202etxt.exe\u2066\u200f", r"\u202etxt.exe\u2066\u200f"),
        ("a\u2028b\u2029", r"a\u2028b\u2029"),
    ],
)
def test_what_a_terminal_would_obey_is_written_out(words: str, on_the_terminal: str) -> None:
    assert escape_line(words) == on_the_terminal


def test_every_character_comes_out_printable_and_encodable() -> None:
    everything = "".join(map(chr, range(sys.maxunicode + 1)))
    escaped = escape_line(everything)
    assert escaped.replace("\t", "").isprintable()
    assert escaped.encode()


def test_text_keeps_its_lines_and_nothing_else_ends_one() -> None:
    assert escape_text("one\ntwo\x1b\r\n\x85three\n") == "one\ntwo\\x1b\\r\n\\x85three\n"


def test_bytes_that_are_no_text_are_written_out() -> None:
    assert escape_bytes(b"\xc3\xbc \xff\xc3 \xc2\x9b31m \0") == r"ü \xff\xc3 \x9b31m \x00"
