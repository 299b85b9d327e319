"""TOP: the header and some lines, in whatever blocks the message is kept."""

import re

import pytest

from services.mail.protocol import top_of

HEADER = b"A: b\n\r\n\n: c\r\n\r\n"  # bare line feeds are text, also next to a line end
BODY = [b"one\nstill\r\n", b"\n\n\r\n", b"\r\n", b"\r\r\n", b"end\r\n"]


@pytest.mark.parametrize("lines", range(len(BODY) + 2))
def test_the_cut_is_behind_a_crlf_whatever_blocks_the_message_lies_in(lines: int) -> None:
    message = HEADER + b"".join(BODY)
    expected = HEADER + b"".join(BODY[:lines])
    ends = [n for n in range(1, len(message)) if message[n - 1 : n] == b"\n"]  # where a block may end
    for cut in [0, *ends]:
        assert b"".join(top_of([message[:cut], message[cut:]], lines)) == expected
    in_lines = re.findall(rb"[^\n]*\n", message)
    assert b"".join(top_of(in_lines, lines)) == b"".join(top_of([message], lines))


def test_a_message_without_a_body_is_all_header() -> None:
    assert b"".join(top_of([b"a\n\nb\n\n", b"c\r\n"], 0)) == b"a\n\nb\n\nc\r\n"
    assert b"".join(top_of([], 1)) == b""
