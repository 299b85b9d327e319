"""What makes an XML-RPC server right (xmlrpc.com/spec.md, introspection, multicall)."""

import re
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any
from xmlrpc.client import Fault, MultiCall, ServerProxy, loads

from services.checking import CheckFailed, Target, check, expect, expect_equal
from services.checking.web import (
    Answer,
    ask,
    expect_both_families,
    expect_endless_headers_refused,
    expect_head_without_content,
    expect_oversize_body_refused,
    expect_reset_survived,
    expect_slow_clients_delay_nobody,
    expect_status,
)

XML = {"Content-Type": "text/xml"}
QUICKLY_S = 2.0  # a bomb that has been refused has cost less
BILLION_LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol0 "lol">'
    + "".join(f'<!ENTITY lol{n} "{10 * f"&lol{n - 1};"}">' for n in range(1, 10))
    + "]>"
)
FILE_READER = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY file SYSTEM "file:///etc/passwd">]>'
NOT_IN_THE_GRAMMAR = (
    ("int", "1_0"),
    ("int", "\u0661"),
    ("int", ""),
    ("boolean", "true"),
    ("double", "nan"),
    ("double", "-inf"),
    ("dateTime.iso8601", ""),
    ("dateTime.iso8601", "1998\u0660717T14:08:55"),
    ("base64", "!!!!"),
)
HARMLESS = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e "entity">]>'


def _echo_call(value: str) -> str:
    """Return a call of echo with a value that is XML already."""
    params = f"<params><param><value>{value}</value></param></params>"
    return f"<methodCall><methodName>echo</methodName>{params}</methodCall>"


def _proxy(target: Target, path: str = "/") -> Any:
    return ServerProxy(f"http://{target.netloc}{path}", use_builtin_types=True)


def _post(target: Target, message: bytes, path: str = "/") -> Answer:
    return ask(target, path, method="POST", body=message, headers=XML)


def _fault_of(call: Callable[..., object], *arguments: object) -> Fault:
    """Return the fault that a call ends with."""
    try:
        result = call(*arguments)
    except Fault as fault:
        return fault
    raise CheckFailed("a fault", repr(result), "a wrong call is answered with a fault, not with a result")


def _expect_no_internals(fault: Fault) -> None:
    """Raise CheckFailed when a fault shows what the server is made of."""
    for internal in (
        "Traceback",
        "<class",
        "Error:",
        ".py",
        "__",
        "positional argument",
        "unsupported operand",
    ):
        expect(
            internal not in fault.faultString,
            expected="a fault in words of its own",
            got=fault.faultString,
            hint="catch the exception and say what was wrong with the call",
        )


@check()
def adds_two_numbers(target: Target) -> None:
    """`add(2, 3)` is 5, an int; `add(2.5, 0.25)` is 2.75, a double."""
    result = _proxy(target).add(2, 3)
    expect_equal((type(result), result), (int, 5))
    expect_equal(_proxy(target).add(2.5, 0.25), 2.75)


@check(needs="adds_two_numbers")
def page_tells_how_to_call(target: Target) -> None:
    """A browser, whose GET is no call, gets a page that tells how to make one; HEAD gets its headers."""
    answer = ask(target)
    expect_status(answer, 200)
    expect_equal(answer.headers.get_content_type(), "text/html")
    expect("methodCall" in answer.text, expected="a call as an example", got=answer.text)
    expect_head_without_content(target)


@check(needs="adds_two_numbers")
def takes_calls_at_two_paths(target: Target) -> None:
    """Calls are taken at `/` and at `/RPC2`; any other path is 404."""
    expect_equal(_proxy(target, "/RPC2").add(20, 3), 23)
    expect_status(_post(target, b"<methodCall/>", "/RPC3"), 404)


@check(needs="adds_two_numbers")
def has_several_functions(target: Target) -> None:
    """subtract, multiply, divide, upper, sort, count_letters and reverse do what their names say."""
    server = _proxy(target)
    expect_equal(server.subtract(2, 3), -1)
    expect_equal(server.multiply(6, 7), 42)
    expect_equal(server.divide(7, 2), 3.5)
    expect_equal(server.upper("jalape\u00f1o"), "JALAPE\u00d1O")
    expect_equal(server.sort([3, 1, 2]), [1, 2, 3])
    expect_equal(server.count_letters("hello"), {"h": 1, "e": 1, "l": 2, "o": 1})
    expect_equal(server.reverse(b"\0\1\xff"), b"\xff\1\0")


@check(needs="adds_two_numbers")
def each_type_comes_back(target: Target) -> None:
    """A value of each type comes back from echo as it was: also dates, octets, lists and structs, nested."""
    moment = datetime(1998, 7, 17, 14, 8, 55)
    values: tuple[object, ...] = (
        7,
        -2.5,
        True,
        False,
        "<&> jalape\u00f1o",
        "",
        moment,
        bytes(range(256)),
        [],
        {},
    )
    for value in values:
        expect_equal(_proxy(target).echo(value), value)
    nested = {"list": [1, [2, {"when": moment}]], "octets": b"\0", "text": "\u20ac"}
    expect_equal(_proxy(target).echo(nested), nested)


@check(needs="adds_two_numbers")
def tells_the_time(target: Target) -> None:
    """`now()` is a date and time, not text."""
    expect(
        isinstance(_proxy(target).now(), datetime), expected="a dateTime.iso8601", got=_proxy(target).now()
    )


@check(needs="adds_two_numbers")
def lists_its_methods(target: Target) -> None:
    """system.listMethods names every method; methodHelp and methodSignature tell of one."""
    server = _proxy(target)
    names = server.system.listMethods()
    for name in ("add", "divide", "echo", "system.listMethods", "system.methodHelp", "system.multicall"):
        expect(name in names, expected=f"{name} among the methods", got=names)
    expect(server.system.methodHelp("add"), expected="a help text", got=server.system.methodHelp("add"))
    signatures = server.system.methodSignature("add")
    expect(["int", "int", "int"] in signatures, expected="['int', 'int', 'int'] for add", got=signatures)


@check(needs="adds_two_numbers")
def makes_many_calls_in_one(target: Target) -> None:
    """system.multicall gives the result of each call, and a fault for each wrong one, in order."""
    many = MultiCall(_proxy(target))
    many.add(1, 2)
    many.nosuch()
    many.upper("x")
    results = many()
    expect_equal(results[0], 3)
    _fault_of(lambda: results[1])
    expect_equal(results[2], "X")


@check(needs="adds_two_numbers")
def unknown_method_is_a_fault(target: Target) -> None:
    """A method that does not exist is a fault, in words of its own."""
    for name in ("nosuch", "echo.upper", "system.nosuch", "_private"):
        _expect_no_internals(_fault_of(getattr(_proxy(target), name)))


@check(needs="adds_two_numbers")
def wrong_number_of_arguments_is_a_fault(target: Target) -> None:
    """Too few or too many arguments are a fault, in words of its own."""
    for arguments in ((), (1,), (1, 2, 3)):
        _expect_no_internals(_fault_of(_proxy(target).add, *arguments))


@check(needs="adds_two_numbers")
def wrong_types_are_a_fault(target: Target) -> None:
    """Arguments of other types are a fault: `add` adds numbers, it does not join strings."""
    for arguments in (("a", "b"), (1, "b"), ([1], [2])):
        _expect_no_internals(_fault_of(_proxy(target).add, *arguments))


@check(needs="adds_two_numbers")
def failing_function_is_a_fault(target: Target) -> None:
    """What a function cannot do is a fault: division by zero, a sum that is too large for an int."""
    _expect_no_internals(_fault_of(_proxy(target).divide, 1, 0))
    _expect_no_internals(_fault_of(_proxy(target).add, 2**31 - 1, 1))


@check(needs="adds_two_numbers")
def call_from_another_language_is_understood(target: Target) -> None:
    """A call as other languages write it is understood: white space, `i4`, a string without a type."""
    call = b"""<?xml version='1.0'?>
    <methodCall>
      <methodName>add</methodName>
      <params>
        <param> <value><i4>2</i4></value> </param>
        <param> <value><int>+3</int></value> </param>
      </params>
    </methodCall>"""
    answer = _post(target, call)
    expect_status(answer, 200)
    expect_equal(answer.headers.get_content_type(), "text/xml")
    expect_equal(loads(answer.content)[0], (5,))
    expect_equal(loads(_post(target, _echo_call("hi").encode()).content)[0], ("hi",))


@check(needs="adds_two_numbers")
def dates_of_other_languages_are_understood(target: Target) -> None:
    """A date with hyphens, with a Z behind, or without colons, is the date of the specification."""
    for date in ("19980717T14:08:55Z", "1998-07-17T14:08:55", "1998-07-17T14:08:55Z", "19980717T140855"):
        call = _echo_call(f"<dateTime.iso8601>{date}</dateTime.iso8601>")
        values = loads(_post(target, call.encode()).content, use_builtin_types=True)[0]
        expect_equal(values, (datetime(1998, 7, 17, 14, 8, 55),), hint=f"{date} is how other languages write")


@check(needs="adds_two_numbers")
def carriage_return_comes_back(target: Target) -> None:
    """A string with CR in it comes back so: a raw CR in XML is read as a line feed."""
    answer = _post(target, _echo_call("<string>a&#13;b&#13;&#10;c</string>").encode())
    hint = "write CR as &#13; (XML 1.0 section 2.11)"
    expect_equal(loads(answer.content)[0], ("a\rb\r\nc",), hint=hint)
    texts = "".join(map(chr, [9, 10, *range(32, 127), *range(160, 0x2100), 0xFFFD, 0x1F955]))
    expect_equal(_proxy(target).echo(texts), texts)


@check(needs="has_several_functions")
def doubles_are_written_in_decimals(target: Target) -> None:
    """A double goes over the wire in decimal notation, without an exponent, and loses no digit."""
    for function, x, y in (("divide", "1.0", "1000000.0"), ("multiply", f"1{200 * '0'}.0", "10.0")):
        params = "".join(f"<param><value><double>{each}</double></value></param>" for each in (x, y))
        call = f"<methodCall><methodName>{function}</methodName><params>{params}</params></methodCall>"
        answer = _post(target, call.encode())
        found = re.search(r"<double>(.*?)</double>", answer.text)
        expect(found, expected="a <double>", got=answer.text)
        written = found[1] if found else ""
        hint = "Python's repr writes 1e-06; format(Decimal(repr(x)), 'f') does not"
        expect(
            re.fullmatch(r"-?[0-9]+\.[0-9]+", written), expected="decimal notation", got=written, hint=hint
        )
        expected = float(x) / float(y) if function == "divide" else float(x) * float(y)
        expect_equal(float(written), expected)


@check(needs="adds_two_numbers")
def values_outside_the_grammar_are_a_fault(target: Target) -> None:
    """What Python takes and XML-RPC does not is a fault: `1_0`, digits of other scripts, `nan`."""
    for kind, read in NOT_IN_THE_GRAMMAR:
        answer = _post(target, _echo_call(f"<{kind}>{read}</{kind}>").encode())
        expect_status(answer, 200, 400)
        if answer.status == 200:
            _expect_no_internals(_fault_of(loads, answer.content))


@check(needs="values_outside_the_grammar_are_a_fault")
def wrong_value_is_named(target: Target) -> None:
    """The fault for a value that is none names its type and what was read."""
    for kind, read in (("boolean", "true"), ("int", "1_0"), ("dateTime.iso8601", "yesterday")):
        fault = _fault_of(loads, _post(target, _echo_call(f"<{kind}>{read}</{kind}>").encode()).content)
        told = fault.faultString
        expect(kind in told and read in told, expected=f"a fault that names {kind} and {read}", got=told)


@check(needs="adds_two_numbers")
def malformed_call_is_a_fault(target: Target) -> None:
    """What is no XML, or XML but no call, is a fault (or 400), and the next call is served."""
    for message in (
        b"",
        b"hello",
        b"<methodCall><methodName>add",
        b"<html></html>",
        b"\xff\xfe",
        b"<a>" * 20_000,
    ):
        answer = _post(target, message)
        expect_status(answer, 200, 400)
        if answer.status == 200:
            _expect_no_internals(_fault_of(loads, answer.content))
    expect_equal(_proxy(target).add(2, 3), 5)


@check(needs="adds_two_numbers")
def doctype_is_refused(target: Target) -> None:
    """A DOCTYPE is refused, whatever it declares: entities can grow a thousandfold, or read files."""
    for declaration, entity in ((HARMLESS, "&e;"), (BILLION_LAUGHS, "&lol9;"), (FILE_READER, "&file;")):
        began = time.monotonic()
        answer = _post(target, (declaration + _echo_call(entity)).encode())
        took_s = time.monotonic() - began
        expect("root:" not in answer.text, expected="nothing of /etc/passwd", got=answer.text)
        expect_status(answer, 200, 400)
        if answer.status == 200:
            _fault_of(loads, answer.content)
        expect(took_s < QUICKLY_S, expected=f"a refusal within {QUICKLY_S:g} s", got=f"{took_s:.1f} s")
    expect_equal(_proxy(target).add(2, 3), 5)


@check(needs="page_tells_how_to_call")
def endless_headers_are_refused(target: Target) -> None:
    """80 KiB of headers are refused with 431 or 400, and the next client is served."""
    expect_endless_headers_refused(target)


@check(needs="page_tells_how_to_call")
def oversize_body_is_413(target: Target) -> None:
    """A body of 100 MiB is refused with 413 before it is sent."""
    expect_oversize_body_refused(target, "/RPC2")


@check(needs="page_tells_how_to_call")
def slow_clients_delay_nobody(target: Target) -> None:
    """Twenty clients in the middle of their requests do not keep another one waiting."""
    expect_slow_clients_delay_nobody(target)


@check(needs="page_tells_how_to_call")
def survives_a_reset(target: Target) -> None:
    """A client that resets its connection in the middle harms nobody else."""
    expect_reset_survived(target)


@check(needs="page_tells_how_to_call")
def answers_over_ipv4_and_ipv6(target: Target) -> None:
    """The server answers over IPv4 and over IPv6."""
    expect_both_families(target)
