"""What XML-RPC's grammar takes and refuses, value by value, and that each value comes back as it was."""

import math
import random
import struct
from datetime import datetime
from typing import Any
from xmlrpc.client import Fault, dumps, loads

import pytest

from services.xmlrpc.protocol import parse_call, render_response

RIGHT: list[tuple[str, object]] = [
    ("hi", "hi"),
    ("", ""),
    ("<string> two  blanks </string>", " two  blanks "),
    ("<string><![CDATA[<a>]]>b</string>", "<a>b"),
    ("\n  <i4>7</i4>\n", 7),
    ("<int>+007</int>", 7),
    ("<int>-2147483648</int>", -(2**31)),
    ("<boolean>1</boolean>", True),
    ("<double>-.5</double>", -0.5),
    ("<double>1e-06</double>", 1e-06),
    ("<dateTime.iso8601>19980717T14:08:55</dateTime.iso8601>", datetime(1998, 7, 17, 14, 8, 55)),
    ("<dateTime.iso8601>1998-07-17T14:08:55Z</dateTime.iso8601>", datetime(1998, 7, 17, 14, 8, 55)),
    ("<dateTime.iso8601>19980717T140855</dateTime.iso8601>", datetime(1998, 7, 17, 14, 8, 55)),
    ("<dateTime.iso8601>00010101T00:00:00</dateTime.iso8601>", datetime(1, 1, 1)),
    ("<base64>AAEC\n /w==\r\n</base64>", b"\0\1\2\xff"),
    ("<base64/>", b""),
    ("<array><data/></array>", []),
    ("<struct><member><name>a</name><value><i4>1</i4></value></member></struct>", {"a": 1}),
]
WRONG = [
    ("<boolean>true</boolean>", "boolean", "'true'"),
    ("<boolean> 1</boolean>", "boolean", "' 1'"),
    ("<boolean>\u0661</boolean>", "boolean", "'\u0661'"),
    ("<int>1_0</int>", "int", "'1_0'"),
    ("<int>\u0661</int>", "int", "'\u0661'"),
    ("<int> 7</int>", "int", "' 7'"),
    ("<int/>", "int", "''"),
    ("<int>2147483648</int>", "int", "'2147483648'"),
    ("<i4>0x5</i4>", "int", "'0x5'"),
    (f"<int>{'9' * 250_000}</int>", "int", "..."),
    ("<i8>1</i8>", "i8", "no type"),
    ("<nil/>", "nil", "no type"),
    ("<double>nan</double>", "double", "'nan'"),
    ("<double>-inf</double>", "double", "'-inf'"),
    ("<double>1e999</double>", "double", "'1e999'"),
    ("<double>1_0.5</double>", "double", "'1_0.5'"),
    ("<double>1,5</double>", "double", "'1,5'"),
    ("<dateTime.iso8601/>", "dateTime.iso8601", "''"),
    ("<dateTime.iso8601>1998-0717T14:08:55</dateTime.iso8601>", "dateTime.iso8601", "'1998-0717"),
    ("<dateTime.iso8601>19980717T14:0855</dateTime.iso8601>", "dateTime.iso8601", "'19980717T14:0855"),
    ("<dateTime.iso8601>19980230T14:08:55</dateTime.iso8601>", "dateTime.iso8601", "'19980230"),
    ("<base64>!!!!</base64>", "base64", "'!!!!'"),
    ("<base64>AAE</base64>", "base64", "'AAE'"),
    ("<base64>\u0661AAA</base64>", "base64", "'\u0661AAA'"),
    ("<string>a<b/></string>", "string", "'a'"),
]


def call_with(*values: str) -> bytes:
    params = "".join(f"<param><value>{value}</value></param>" for value in values)
    return f"<methodCall><methodName>m</methodName><params>{params}</params></methodCall>".encode()


@pytest.mark.parametrize(("written", "value"), RIGHT)
def test_what_the_grammar_knows_is_read(written: str, value: object) -> None:
    assert parse_call(call_with(written)) == ("m", [value])


@pytest.mark.parametrize(("written", "kind", "read"), WRONG)
def test_a_fault_names_parameter_type_and_what_was_read(written: str, kind: str, read: str) -> None:
    with pytest.raises(Fault) as caught:
        parse_call(call_with("right", written))
    told = caught.value.faultString
    assert told.startswith("parameter 2: ") and kind in told and read in told
    assert len(told) < 200


def test_a_value_inside_others_is_named_by_its_way() -> None:
    inner = (
        "<array><data><value/><value><struct><member><name>n</name><value><int/></value></member></struct>"
    )
    with pytest.raises(Fault, match=r"parameter 1, item 2, member 'n': int"):
        parse_call(call_with(inner + "</value></data></array>"))


@pytest.mark.parametrize(
    "inside",
    [
        "text",
        "<params/>",
        "<methodName>a</methodName><methodName>b</methodName>",
        "<methodName>a</methodName>text",
        "<methodName>a</methodName><params><value/></params>",
        "<methodName>a</methodName><params><param/></params>",
        "<methodName>a</methodName><params><param><int>1</int></param></params>",
        "<methodName>a</methodName><params><param><value><i4>1</i4><i4>2</i4></value></param></params>",
        "<methodName>a</methodName><params><param><value>1<i4>2</i4></value></param></params>",
        "<methodName>a</methodName><params><param><value><array/></value></param></params>",
        "<methodName>a</methodName><params><param><value><struct><member/></struct></value></param></params>",
    ],
)
def test_xml_that_is_no_call_is_a_fault(inside: str) -> None:
    with pytest.raises(Fault):
        parse_call(f"<methodCall>{inside}</methodCall>".encode())


def test_two_members_of_one_name_are_a_fault() -> None:
    member = "<member><name>a</name><value/></member>"
    with pytest.raises(Fault, match="two members"):
        parse_call(call_with(f"<struct>{member * 2}</struct>"))


def back(value: object) -> object:
    """Return a value after a way through our writing, and the library's reading."""
    return loads(render_response(value).decode(), use_builtin_types=True)[0][0]


def test_every_character_that_xml_can_carry_comes_back() -> None:
    characters = [
        "\t",
        "\n",
        "\r",
        *map(chr, range(32, 0xD800)),
        *map(chr, range(0xE000, 0xFFFE)),
        "\U0001f955",
    ]
    text = "".join(characters) + "]]> a\r\nb"
    assert back(text) == text
    assert back({text: [text]}) == {text: [text]}
    written = render_response(text).partition(b"<string>")[2].partition(b"</string>")[0].decode()
    assert parse_call(call_with(f"<string>{written}</string>")) == ("m", [text])
    assert back(bytes(range(256))) == bytes(range(256))


def test_a_double_is_written_in_decimals_that_bring_the_same_one_back() -> None:
    rng = random.Random(754)
    doubles = [struct.unpack("d", rng.randbytes(8))[0] for _ in range(2000)]
    for double in [*filter(math.isfinite, doubles), 1e-06, 1e200 * 10, 5e-324, -0.0, 3.0, 0.1]:
        written = render_response(double).partition(b"<double>")[2].partition(b"</double>")[0].decode()
        assert set(written) <= set("-.0123456789") and written.count(".") == 1
        assert struct.pack("d", float(written)) == struct.pack("d", double)


@pytest.mark.parametrize("value", [math.nan, [math.inf], 2**31, {"a": None}])
def test_what_has_no_form_is_a_fault(value: object) -> None:
    with pytest.raises(Fault, match="no form"):
        loads(render_response(value).decode())


def test_the_librarys_client_is_understood() -> None:
    values: tuple[Any, ...] = (
        1,
        -2.5e-300,
        True,
        "a\nb",
        datetime(2026, 1, 2, 3, 4, 5),
        b"\0",
        [{}],
        {"a": ["b"]},
    )
    assert parse_call(dumps(values, "m").encode()) == ("m", list(values))
