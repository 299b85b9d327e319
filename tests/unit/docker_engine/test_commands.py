"""Lines of two streams, put together from pieces that are cut anywhere."""

import pytest

from labctl.docker_engine.commands import lines_of
from labctl.engine import OutputLine


def lines(*pieces: tuple[bool, bytes]) -> list[tuple[str, bool]]:
    return [(line.text, line.is_error) for line in lines_of(iter(pieces))]


@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_lines_are_the_same_however_they_are_cut(size: int) -> None:
    text = "one\n\nzwö\nend".encode()
    pieces = [(False, text[at : at + size]) for at in range(0, len(text), size)]
    assert lines(*pieces) == [("one", False), ("", False), ("zwö", False), ("end", False)]


def test_the_streams_do_not_mix() -> None:
    said = lines((False, b'{"result"'), (True, b"a warn"), (False, b": 1}\n"), (True, b"ing\n"))
    assert said == [('{"result": 1}', False), ("a warning", True)]


def test_octets_that_are_no_text_are_shown_and_end_nothing() -> None:
    assert list(lines_of(iter([(False, b"\xff\xfe\nnext\n")]))) == [OutputLine("��"), OutputLine("next")]


def test_a_long_line_costs_no_more_than_its_length() -> None:
    pieces = [(False, b"x" * 10)] * 50_000
    [line] = lines_of(iter(pieces))
    assert len(line.text) == 500_000
