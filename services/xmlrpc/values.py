"""XML-RPC's values: an element read as a Python value, a Python value written as XML.

Each type has its own grammar, narrower than what Python's `int()` or `float()` take: `1_0`, ` 7 `, digits of
other scripts and `nan` are Python's, not XML-RPC's. Whatever does not fit is named: where, which type, what.

Spec: xmlrpc.com/spec.md, "Scalar <value>s", `<struct>`, `<array>`
"""

import base64
import binascii
import math
import re
from datetime import datetime
from decimal import Decimal
from xml.etree.ElementTree import Element
from xml.sax.saxutils import escape
from xmlrpc.client import Fault

from services.xmlrpc.functions import NOT_A_CALL, WRONG_ARGUMENTS

WHITE_SPACE = " \t\r\n"  # XML's; str.strip() alone takes more
SHOWN_CHARACTERS = 60  # of what was read, in a fault

INT = re.compile(r"[+-]?[0-9]+")
INT_DIGITS = 100  # leading zeros are allowed; a number of a quarter of a million digits costs Python seconds
# The specification knows no exponent, but Python's client and others send one: it is read, and never written.
DOUBLE = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")
# The specification's 19980717T14:08:55; other languages write hyphens, or no colons, and a Z.
DATE = re.compile(r"([0-9]{4})(-?)([0-9]{2})\2([0-9]{2})T([0-9]{2})(:?)([0-9]{2})\6([0-9]{2})Z?")
RULES = {
    "int": "is a sign and digits, from -2147483648 to 2147483647",
    "boolean": "is 0 or 1",
    "double": "is a decimal number, not NaN or infinity",
    "dateTime.iso8601": "is written 19980717T14:08:55",
    "base64": "is letters, digits, + and /, filled up with = (RFC 4648 section 4)",
    "string": "is text, without elements in it",
}


def read_value(value: Element, where: str) -> object:
    """Return what a `<value>` holds.

    Args:
        value: the element.
        where: names it in a fault, as `parameter 1`.

    Raises:
        Fault: it is no value.
    """
    if value.tag != "value":
        raise Fault(NOT_A_CALL, f"{where}: <value> is missing, here is <{shown(value.tag)}>")
    if len(value) == 0:
        return value.text or ""  # no type: a string
    [typed, *more] = value
    if more or text_around(value).strip(WHITE_SPACE):
        raise Fault(NOT_A_CALL, f"{where}: <value> holds one type, and no text beside it")
    if typed.tag == "array":
        return read_array(typed, where)
    if typed.tag == "struct":
        return read_struct(typed, where)
    return read_scalar(typed, where)


def read_array(array: Element, where: str) -> list[object]:
    """Return an `<array>`, whose values stand in one `<data>`."""
    if [each.tag for each in array] != ["data"]:
        raise Fault(NOT_A_CALL, f"{where}: <array> holds one <data>")
    return [read_value(each, f"{where}, item {number}") for number, each in enumerate(array[0], 1)]


def read_struct(struct: Element, where: str) -> dict[str, object]:
    """Return a `<struct>`; a name that stands twice would mean one thing here and another there."""
    members: dict[str, object] = {}
    for member in struct:
        if member.tag != "member" or [each.tag for each in member] != ["name", "value"]:
            raise Fault(NOT_A_CALL, f"{where}: <struct> holds <member>s, each a <name> and a <value>")
        name = member[0].text or ""
        if name in members:
            raise Fault(NOT_A_CALL, f"{where}: two members have the name {shown(name)!r}")
        members[name] = read_value(member[1], f"{where}, member {shown(name)!r}")
    return members


def read_scalar(typed: Element, where: str) -> object:
    """Return a value of one of the simple types.

    Raises:
        Fault: there is no such type, or the text is none of its values.
    """
    kind = "int" if typed.tag == "i4" else typed.tag
    if kind not in RULES:
        raise Fault(WRONG_ARGUMENTS, f"{where}: there is no type <{shown(kind)}>")
    text = typed.text or ""
    value = None if len(typed) else parse_scalar(kind, text)
    if value is None:
        raise Fault(WRONG_ARGUMENTS, f"{where}: {kind} {RULES[kind]}, not {shown(text)!r}")
    return value


def parse_scalar(kind: str, text: str) -> object:
    """Return the value of a text, or None when the type has no such value."""
    match kind:
        case "string":
            return text
        case "boolean":
            return {"0": False, "1": True}.get(text)
        case "int" if INT.fullmatch(text) and len(text) <= INT_DIGITS:
            return int(text) if -(2**31) <= int(text) < 2**31 else None
        case "double" if DOUBLE.fullmatch(text):
            return float(text) if math.isfinite(float(text)) else None
        case "dateTime.iso8601" if found := DATE.fullmatch(text):
            try:
                return datetime(*map(int, found.group(1, 3, 4, 5, 7, 8)))  # type: ignore[arg-type]
            except ValueError:  # the 30th of February
                return None
        case "base64":
            try:
                return base64.b64decode("".join(text.split()), validate=True)  # lines may be broken anywhere
            except (binascii.Error, ValueError):
                return None
    return None


def text_around(element: Element) -> str:
    """Return the text between an element's children."""
    return (element.text or "") + "".join(each.tail or "" for each in element)


def shown(text: str) -> str:
    """Return a beginning of what was read, short enough for a fault."""
    return text if len(text) <= SHOWN_CHARACTERS else text[:SHOWN_CHARACTERS] + " ..."


def render_value(value: object) -> str:
    """Return a value as XML.

    Raises:
        ValueError: XML-RPC has no form for it.
    """
    match value:
        case bool():
            content = f"<boolean>{value:d}</boolean>"
        case int() if -(2**31) <= value < 2**31:
            content = f"<int>{value}</int>"
        case float() if math.isfinite(value):
            content = f"<double>{render_double(value)}</double>"
        case str():
            content = f"<string>{render_text(value)}</string>"
        case bytes():
            content = f"<base64>{base64.b64encode(value).decode()}</base64>"
        case datetime():
            content = f"<dateTime.iso8601>{value.year:04}{value:%m%dT%H:%M:%S}</dateTime.iso8601>"
        case list():
            content = f"<array><data>{''.join(map(render_value, value))}</data></array>"
        case dict():
            members = (
                f"<member><name>{render_text(name)}</name>{render_value(each)}</member>"
                for name, each in value.items()
            )
            content = f"<struct>{''.join(members)}</struct>"
        case _:
            raise ValueError(f"no form in XML-RPC: {type(value).__name__}")
    return f"<value>{content}</value>"


def render_text(text: str) -> str:
    """Return text as XML; a raw CR would be read as a line feed (XML 1.0 section 2.11)."""
    return escape(text, {"\r": "&#13;"})


def render_double(value: float) -> str:
    """Return a double in decimal notation, with as many digits as bring the very same one back."""
    digits = format(Decimal(repr(value)), "f")
    return digits if "." in digits else digits + ".0"
