"""Where a body ends: Content-Length octets, or chunk by chunk. For requests, and for a proxy's answers.

Spec: RFC 9112 sections 6 (Transfer-Encoding, Content-Length, length) and 7.1 (chunks), RFC 9110 section 8.6

Both sides must agree on the end to the octet: who takes one too few takes the rest of a body for the next
request. So a length that is said in two ways, or in none that the grammar has, is refused.
"""

import io
import re
from collections.abc import Iterator
from email.message import Message
from http import HTTPStatus

from services.web import limits
from services.web.errors import RefusedError, bad_request
from services.web.head import TOKEN, list_of, read_fields

PIECE_OCTETS = 64 * 1024
_QUOTED = rb'"(?:[\t !#-\[\]-~\x80-\xff]|\\[\t -~\x80-\xff])*"'
_TOKEN = TOKEN.pattern.encode()
# A size in hexadecimal, then extensions: `5`, `1F;name=value`, `a ; name="quoted; text"`.
CHUNK_LINE = re.compile(
    rb"([0-9A-Fa-f]{1,8})((?:[ \t]*;[ \t]*%b(?:[ \t]*=[ \t]*(?:%b|%b))?)*)\r\n" % (_TOKEN, _TOKEN, _QUOTED)
)


def content_length(fields: Message) -> int | None:
    """Return the number that Content-Length says; None when there is none.

    The same number said twice is that number (RFC 9112 section 6.3, item 5).

    Raises:
        RefusedError: it is no number, or more than one.
    """
    texts = {text.strip(" \t") for text in ",".join(fields.get_all("Content-Length", [])).split(",")}
    if "Content-Length" not in fields:
        return None
    text = texts.pop()
    if texts or not (text.isascii() and text.isdigit()) or len(text) > 18:
        raise bad_request("Content-Length is not one number (RFC 9112 section 6.3)")
    return int(text)


def is_chunked(fields: Message, version: str) -> bool:
    """Return whether the body comes in chunks.

    Raises:
        RefusedError: 400, the end cannot be known for sure: chunked is not the last coding, comes twice,
            comes with a Content-Length or from HTTP/1.0; 501, another coding lies below it.
    """
    if "Transfer-Encoding" not in fields:
        return False
    codings = list_of(fields, "Transfer-Encoding")
    if version != "HTTP/1.1" or "Content-Length" in fields:
        raise bad_request("Transfer-Encoding with Content-Length or HTTP/1.0 (RFC 9112 section 6.1)")
    if codings[-1:] != ["chunked"] or codings.count("chunked") > 1:
        raise bad_request("the last Transfer-Encoding is not chunked (RFC 9112 section 6.3)")
    if len(codings) > 1:
        raise RefusedError(HTTPStatus.NOT_IMPLEMENTED, "no coding but chunked is known here")
    return True


def sized_pieces(reader: io.BufferedReader, size_octets: int) -> Iterator[bytes]:
    """Yield so many octets as they come.

    Raises:
        RefusedError: the peer's end comes first.
    """
    left = size_octets
    while left:
        piece = reader.read1(min(left, PIECE_OCTETS))
        if not piece:
            raise bad_request(f"{size_octets - left} of {size_octets} octets of a body, then the end")
        yield piece
        left -= len(piece)


def chunked_pieces(reader: io.BufferedReader) -> Iterator[bytes]:
    """Yield the content of chunks as it comes; sizes, extensions and trailer fields are read and dropped.

    A line of a chunk ends in CR LF, never in LF alone: section 2.2 is about the lines of a head.

    Raises:
        RefusedError: what comes has another form.
    """
    while True:
        line = reader.readline(limits.CHUNK_LINE_OCTETS)
        match = CHUNK_LINE.fullmatch(line)
        if match is None:
            raise bad_request("a chunk begins with its size in hexadecimal (RFC 9112 section 7.1)")
        size = int(match[1], 16)
        if size == 0:
            read_fields(reader)  # the trailer; the blank line ends the body
            return
        yield from sized_pieces(reader, size)
        if reader.read(2) != b"\r\n":
            raise bad_request("a chunk is longer or shorter than its size")
