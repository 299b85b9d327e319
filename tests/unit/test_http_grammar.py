"""Heads, bodies, conditions and ranges of HTTP, each rule with right and wrong examples; no sockets."""

import io
from datetime import UTC, datetime
from email.message import Message
from http import HTTPStatus

import pytest

from services.static.conditions import Validators, range_counts, status_by_conditions
from services.static.ranges import UnsatisfiableError, parse_range
from services.web import RefusedError, limits
from services.web.bodies import chunked_pieces, content_length, is_chunked
from services.web.connection import stays_open
from services.web.head import (
    check_host,
    check_target,
    parse_authority,
    parse_field_line,
    parse_request_line,
    read_fields,
)


def fields(*lines: str) -> Message:
    """Return fields as a head has them."""
    return read_fields(io.BytesIO(("\r\n".join(lines) + "\r\n" * bool(lines) + "\r\n").encode("iso-8859-1")))


@pytest.mark.parametrize(
    ("line", "version"),
    [
        ("GET / HTTP/1.1", "HTTP/1.1"),
        ("GET / HTTP/1.0", "HTTP/1.0"),
        ("GET / HTTP/1.9", "HTTP/1.1"),  # RFC 9110 section 2.5: a minor version to come is one of ours
        ("M-SEARCH * HTTP/1.1", "HTTP/1.1"),
        ("!#$%&'*+-.^_`|~09AZaz / HTTP/1.1", "HTTP/1.1"),
    ],
)
def test_a_request_line_is_three_words(line: str, version: str) -> None:
    assert parse_request_line(line).version == version


@pytest.mark.parametrize(
    "line",
    [
        "GET /",  # HTTP/0.9
        "GET",
        "",
        " GET / HTTP/1.1",
        "GET  / HTTP/1.1",
        "GET / HTTP/1.1 ",
        "GET / x HTTP/1.1",
        "GET\t/\tHTTP/1.1",
        "G(T / HTTP/1.1",
        "GET / http/1.1",
        "GET / HTTP/1",
        "GET / HTTP/1.10",
        "GET / HTTP/01.1",
        "GET / HTTP/1,1",
        "GET / HTTP/\u0661.1",
        "GET / HTTPS/1.1",
    ],
)
def test_what_is_no_request_line_is_400(line: str) -> None:
    with pytest.raises(RefusedError) as refusal:
        parse_request_line(line)
    assert refusal.value.status == 400


@pytest.mark.parametrize("version", ["HTTP/2.0", "HTTP/0.9", "HTTP/3.1"])
def test_another_version_is_505(version: str) -> None:
    with pytest.raises(RefusedError) as refusal:
        parse_request_line(f"GET / {version}")
    assert refusal.value.status == 505


@pytest.mark.parametrize(
    ("method", "target", "path", "host"),
    [
        ("GET", "/", "/", ""),
        ("GET", "/a/b;c=1,2/~x/@:!$&'()*+?d=e/f?g", "/a/b;c=1,2/~x/@:!$&'()*+?d=e/f?g", ""),
        ("GET", "//a", "//a", ""),
        ("GET", "/%41%c3%b1?%7c", "/%41%c3%b1?%7c", ""),
        ("GET", "http://lab", "/", "lab"),
        ("GET", "HTTP://lab:80?x", "/?x", "lab:80"),
        ("GET", "http://[::1]:80/a", "/a", "[::1]:80"),
        ("OPTIONS", "*", "*", ""),
        ("OPTIONS", "/a", "/a", ""),
        ("CONNECT", "lab:25", "lab:25", "lab:25"),
        ("CONNECT", "[::1]:25", "[::1]:25", "[::1]:25"),
    ],
)
def test_a_target_has_one_of_four_forms(method: str, target: str, path: str, host: str) -> None:
    assert check_target(parse_request_line(f"{method} {target} HTTP/1.1")) == (path, host)


@pytest.mark.parametrize(
    ("method", "target"),
    [
        ("GET", "a"),
        ("GET", "*"),
        ("GET", "lab:80"),
        ("GET", "?x"),
        ("GET", "/a#b"),
        ("GET", "/%"),
        ("GET", "/%4"),
        ("GET", "/%zz"),
        ("GET", "/%00"),
        ("GET", '/a"b'),
        ("GET", "/<x>"),
        ("GET", "/a\\b"),
        ("GET", "/a[]"),
        ("GET", "/\u00f1"),
        ("GET", "/\x7f"),
        ("GET", "http://"),
        ("GET", "http:///a"),
        ("GET", "http://:80/"),
        ("GET", "http://u@lab/"),
        ("GET", "http://lab:x/"),
        ("GET", "http://[::1/"),
        ("GET", "https://lab/"),
        ("GET", "ftp://lab/"),
        ("CONNECT", "lab"),
        ("CONNECT", "lab:"),
        ("CONNECT", "/"),
        ("CONNECT", "http://lab:25/"),
    ],
)
def test_a_target_of_another_form_is_400(method: str, target: str) -> None:
    with pytest.raises(RefusedError) as refusal:
        check_target(parse_request_line("GET / HTTP/1.1")._replace(method=method, target=target))
    assert refusal.value.status == 400


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("Host: lab", ("Host", "lab")),
        ("Host:lab", ("Host", "lab")),
        ("X: \t a  b\t ", ("X", "a  b")),
        ("X:", ("X", "")),
        ("X: a:b", ("X", "a:b")),
        ("X: \u00f1", ("X", "\u00f1")),
        ("X_Y.z!: 1", ("X_Y.z!", "1")),
    ],
)
def test_a_field_line_is_a_token_a_colon_and_a_value(line: str, found: tuple[str, str]) -> None:
    assert parse_field_line(line) == found


@pytest.mark.parametrize(
    "line",
    [
        "From : a@b",
        "From foo",
        ": x",
        "X(Y: 1",
        " X: 1",
        "\tX: 1",
        "X: \0",
        "X: a\x0bb",
        "\u00f1: 1",
        "X Y: 1",
        "X: \x7f",
    ],
)
def test_what_is_no_field_line_is_refused(line: str) -> None:
    with pytest.raises(RefusedError):
        parse_field_line(line)


def test_a_value_of_blanks_costs_no_more_than_its_length() -> None:
    with pytest.raises(RefusedError):
        parse_field_line("X: " + " " * limits.HEAD_OCTETS + "\0" + " " * limits.HEAD_OCTETS)


@pytest.mark.parametrize("octets", [b"", b"X: 1\r\n", b"X: 1", b"X: 1\rY: 2\r\n\r\n"])
def test_a_head_ends_with_a_blank_line_and_has_no_cr_in_it(octets: bytes) -> None:
    with pytest.raises(RefusedError):
        read_fields(io.BytesIO(octets))


@pytest.mark.parametrize(
    "text", ["lab", "lab:80", "lab:", "10.0.0.1", "[::1]", "[fd6c::5]:80", "a_b", "a%20b", ""]
)
def test_a_host_may_have_a_port(text: str) -> None:
    parse_authority(text)


@pytest.mark.parametrize(
    "text", ["a b", "x/y", "u@y", "[::1", "::1", "[::g]", "[]", "a:b", "a:1:2", "a%2", "\u00f1", "a#b", "a?b"]
)
def test_what_is_no_host_is_refused(text: str) -> None:
    with pytest.raises(RefusedError):
        check_host(parse_request_line("GET / HTTP/1.0"), fields(f"Host: {text}"))


@pytest.mark.parametrize(
    ("version", "lines", "stays"),
    [
        ("HTTP/1.1", [], True),
        ("HTTP/1.1", ["Connection: close"], False),
        ("HTTP/1.1", ["Connection: TE, Close"], False),
        ("HTTP/1.1", ["Connection: TE", "connection: , close ,"], False),
        ("HTTP/1.1", ["Connection: closed"], True),
        ("HTTP/1.0", [], False),
        ("HTTP/1.0", ["Connection: TE, Keep-Alive"], True),
        ("HTTP/1.0", ["Connection: keep-alive, close"], False),
    ],
)
def test_the_client_says_whether_it_goes_on(version: str, lines: list[str], stays: bool) -> None:
    assert stays_open(version, fields(*lines)) is stays


@pytest.mark.parametrize(
    ("lines", "length"),
    [
        ([], None),
        (["Content-Length: 0"], 0),
        (["Content-Length: 5", "Content-Length: 5"], 5),
        (["Content-Length: 5, 5"], 5),
    ],
)
def test_content_length_is_one_number(lines: list[str], length: int | None) -> None:
    assert content_length(fields(*lines)) == length


@pytest.mark.parametrize(
    "text", ["", "abc", "-5", "+5", "5, 6", "5 6", "0x5", "5.0", "1_0", "\u00b2", "1" * 5000]
)
def test_what_is_no_length_is_refused(text: str) -> None:
    with pytest.raises(RefusedError):
        content_length(fields(f"Content-Length: {text}"))


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("identity", 400),
        ("", 400),
        ("gzip", 400),
        ("chunked, gzip", 400),
        ("chunked, chunked", 400),
        ("xchunked", 400),
        ("gzip, chunked", 501),
    ],
)
def test_transfer_encoding_is_chunked_and_no_other(text: str, status: int) -> None:
    with pytest.raises(RefusedError) as refusal:
        is_chunked(fields(f"Transfer-Encoding: {text}"), "HTTP/1.1")
    assert refusal.value.status == status


def test_transfer_encoding_goes_with_no_length_and_no_old_version() -> None:
    assert is_chunked(fields("Transfer-Encoding: , Chunked "), "HTTP/1.1")
    for version, lines in (("HTTP/1.0", []), ("HTTP/1.1", ["Content-Length: 5"])):
        with pytest.raises(RefusedError):
            is_chunked(fields("Transfer-Encoding: chunked", *lines), version)


@pytest.mark.parametrize(
    ("octets", "content"),
    [
        (b"0\r\n\r\n", b""),
        (b"5\r\nhello\r\n0\r\n\r\n", b"hello"),
        (b"5\r\nhello\r\n0000001\r\n!\r\n000\r\nX: y\r\n\r\n", b"hello!"),
        (b'a;x;y=z ; q="a\\";b"\r\n0123456789\r\n0;end\r\n\r\n', b"0123456789"),
        (b"A\r\n01234\r\n789\r\n0\r\n\r\n", b"01234\r\n789"),
    ],
)
def test_chunks_are_put_together(octets: bytes, content: bytes) -> None:
    reader: io.BufferedReader = io.BufferedReader(io.BytesIO(octets + b"next"))
    assert b"".join(chunked_pieces(reader)) == content
    assert reader.read() == b"next"


@pytest.mark.parametrize(
    "octets",
    [
        b"",
        b"\r\n",
        b"5",
        b"0x5\r\nhello\r\n0\r\n\r\n",
        b"-5\r\nhello\r\n0\r\n\r\n",
        b"+5\r\nhello\r\n0\r\n\r\n",
        b" 5\r\nhello\r\n0\r\n\r\n",
        b"5 \r\nhello\r\n0\r\n\r\n",
        b"5\nhello\n0\n\n",
        b"5;\r\nhello\r\n0\r\n\r\n",
        b"5;a\nb\r\nhello\r\n0\r\n\r\n",
        b'5;a="b\r\nhello\r\n0\r\n\r\n',
        b"5\r\nhelloX\r\n0\r\n\r\n",
        b"5\r\nhell",
        b"5\r\nhello\r\n",
        b"0\r\n",
        b"0\r\nno colon\r\n\r\n",
        b"fffffffff\r\n",
        b"1" * 5000,
        b"5;" + b"a" * 5000 + b"\r\n",
    ],
)
def test_malformed_chunks_are_refused(octets: bytes) -> None:
    reader: io.BufferedReader = io.BufferedReader(io.BytesIO(octets))
    with pytest.raises(RefusedError):
        list(chunked_pieces(reader))


NOW = Validators('"a"', datetime(2026, 1, 2, tzinfo=UTC))
SAME, OLD, NEW = (
    "Fri, 02 Jan 2026 00:00:00 GMT",
    "Thu, 01 Jan 2026 00:00:00 GMT",
    "Sat, 03 Jan 2026 00:00:00 GMT",
)


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        ([], 200),
        (["If-Match: *"], 200),
        (['If-Match: "b"'], 412),
        (['If-Match: "b"', 'If-Match: "a"'], 200),
        (['If-Match: W/"a"'], 412),
        (["If-Match: a"], 412),
        ([f"If-Unmodified-Since: {SAME}"], 200),
        ([f"If-Unmodified-Since: {OLD}"], 412),
        (["If-Unmodified-Since: long ago"], 200),
        (['If-Match: "a"', f"If-Unmodified-Since: {OLD}"], 200),
        (["If-None-Match: *"], 304),
        (['If-None-Match: W/"a"'], 304),
        (['If-None-Match: "b, c", "a"'], 304),
        (['If-None-Match: "b"', f"If-Modified-Since: {NEW}"], 200),
        ([f"If-Modified-Since: {SAME}"], 304),
        (["If-Modified-Since: Friday, 02-Jan-26 00:00:00 GMT"], 304),
        (["If-Modified-Since: Fri Jan  2 00:00:00 2026"], 304),
        ([f"If-Modified-Since: {OLD}"], 200),
        (['If-Match: "a"', 'If-None-Match: "a"'], 304),
        (['If-Match: "b"', 'If-None-Match: "a"'], 412),
    ],
)
def test_conditions_are_looked_at_in_their_order(lines: list[str], status: int) -> None:
    assert status_by_conditions(fields(*lines), NOW) == HTTPStatus(status)


@pytest.mark.parametrize(
    ("lines", "counts"),
    [
        ([], True),
        (['If-Range: "a"'], True),
        (['If-Range: W/"a"'], False),
        ([f"If-Range: {SAME}"], True),
        ([f"If-Range: {NEW}"], False),
    ],
)
def test_a_range_counts_for_the_file_that_is_still_the_same(lines: list[str], counts: bool) -> None:
    assert range_counts(fields(*lines), NOW) is counts


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("bytes=0-0", (0, 1)),
        ("bytes=2-", (2, 8)),
        ("bytes=-3", (7, 3)),
        ("bytes=-99", (0, 10)),
        ("bytes=8-99", (8, 2)),
        ("bytes=0-999999999999999999", (0, 10)),
        ("", None),
        ("bytes=-", None),
        ("bytes=5-4", None),
        ("bytes=a-b", None),
        ("bytes=0-1,3-4", None),
        ("lines=0-1", None),
        ("bytes=0-" + "9" * 5000, None),
    ],
)
def test_a_range_is_one_part_of_ten_octets(text: str, part: tuple[int, int] | None) -> None:
    assert parse_range(text, 10) == part


@pytest.mark.parametrize(("text", "size"), [("bytes=10-", 10), ("bytes=-0", 10), ("bytes=0-", 0)])
def test_a_range_without_an_octet_is_unsatisfiable(text: str, size: int) -> None:
    with pytest.raises(UnsatisfiableError):
        parse_range(text, size)
