"""A part of a file, as Range asks for it (RFC 9110 section 14). No files here: a field in, numbers out.

Several ranges are answered with the whole file, which section 14.2 allows: the parts would need a body
with borders in it, and a client may ask for the same octets a thousand times.
"""

import re

RANGE = re.compile(r"bytes[ \t]*=[ \t]*([0-9]{0,18})-([0-9]{0,18})[ \t]*", re.IGNORECASE)


class UnsatisfiableError(Exception):
    """The range lies behind the end: 416."""


def parse_range(text: str, size_octets: int) -> tuple[int, int] | None:
    """Return where a part begins and how long it is; None when the whole file is to be sent.

    `bytes=0-99` are the first hundred octets, `bytes=100-` is all behind them, `bytes=-100` the last hundred.

    Raises:
        UnsatisfiableError: there is no octet in it.
    """
    match = RANGE.fullmatch(text)
    if match is None or not (match[1] or match[2]):
        return None
    if match[1]:
        first, last = int(match[1]), int(match[2] or size_octets)
        if last < first and match[2]:
            return None
    else:
        first, last = max(size_octets - int(match[2]), 0), size_octets
        if int(match[2]) == 0:
            raise UnsatisfiableError
    if first >= size_octets:
        raise UnsatisfiableError
    return first, min(last + 1, size_octets) - first
