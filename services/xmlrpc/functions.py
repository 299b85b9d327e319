"""The functions that can be called. Each says which XML-RPC types it takes and returns.

There is no network here and no XML: arguments come as Python values, of types that fit.
"""

import math
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any
from xmlrpc.client import Fault

Function = Callable[..., Any]

# Types have the names of the XML-RPC specification; a signature is the result's type, then the arguments'.
TYPE_NAMES: dict[type, str] = {
    bool: "boolean",
    int: "int",
    float: "double",
    str: "string",
    bytes: "base64",
    datetime: "dateTime.iso8601",
    list: "array",
    dict: "struct",
}
NUMBERS = ("int int int", "double double double")
ANYTHING = tuple(f"{name} {name}" for name in TYPE_NAMES.values())

# From "Specification for Fault Code Interoperability", which many servers follow.
NOT_WELL_FORMED = -32700
NOT_A_CALL = -32600
NO_SUCH_METHOD = -32601
WRONG_ARGUMENTS = -32602
APPLICATION_ERROR = -32500

FUNCTIONS: dict[str, Function] = {}
SIGNATURES: dict[str, list[list[str]]] = {}


def offered(*signatures: str, name: str = "") -> Callable[[Function], Function]:
    """Offer a function to callers, under its own name unless another one is given."""

    def register(function: Function) -> Function:
        FUNCTIONS[name or function.__name__] = function
        SIGNATURES[name or function.__name__] = [signature.split() for signature in signatures]
        return function

    return register


def fits(arguments: list[str], signature: list[str]) -> bool:
    """Tell whether arguments of these types may be given: the same types, or an int for a double."""
    wanted = signature[1:]
    return len(arguments) == len(wanted) and all(
        got == want or (got, want) == ("int", "double") for got, want in zip(arguments, wanted, strict=True)
    )


@offered(*NUMBERS)
def add(x: float, y: float) -> float:
    """Return x + y."""
    return x + y


@offered(*NUMBERS)
def subtract(x: float, y: float) -> float:
    """Return x - y."""
    return x - y


@offered(*NUMBERS)
def multiply(x: float, y: float) -> float:
    """Return x * y."""
    return x * y


@offered("double double double")
def divide(x: float, y: float) -> float:
    """Return x / y, always a double; a fault when y is zero."""
    if y == 0:
        raise Fault(APPLICATION_ERROR, "division by zero")
    return x / y


@offered(*ANYTHING)
def echo(value: object) -> object:
    """Return the value as it came: a way to see how each type looks in XML."""
    return value


@offered("string string")
def upper(text: str) -> str:
    """Return the text in upper case."""
    return text.upper()


@offered("array array")
def sort(values: list[Any]) -> list[Any]:
    """Return a list of numbers, or of strings, in ascending order; a fault for a mixture."""
    try:
        return sorted(values)
    except TypeError:
        raise Fault(APPLICATION_ERROR, "these values have no order among them") from None


@offered("struct string")
def count_letters(text: str) -> dict[str, int]:
    """Return a struct that tells how often each character occurs in the text."""
    return dict(Counter(text))


@offered("dateTime.iso8601")
def now() -> datetime:
    """Return the server's date and time, in UTC and in whole seconds."""
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)


@offered("base64 base64")
def reverse(octets: bytes) -> bytes:
    """Return the octets in reverse order."""
    return octets[::-1]


@offered("array", name="system.listMethods")
def list_methods() -> list[str]:
    """Return the names of all methods."""
    return sorted(FUNCTIONS)


@offered("array string", name="system.methodSignature")
def method_signature(name: str) -> list[list[str]]:
    """Return a method's signatures, each a list: the result's type, then the arguments' types."""
    return SIGNATURES[known(name)]


@offered("string string", name="system.methodHelp")
def method_help(name: str) -> str:
    """Return what a method does, in a sentence."""
    return FUNCTIONS[known(name)].__doc__ or ""


@offered("array array", name="system.multicall")
def multicall(calls: list[Any]) -> list[Any]:
    """Make several calls in one request: for each a list with its result, or a struct with its fault."""
    return [_call_of_many(each) for each in calls]


def _call_of_many(wanted: object) -> list[Any] | dict[str, Any]:
    try:
        match wanted:
            case {"methodName": "system.multicall"}:
                raise Fault(NOT_A_CALL, "system.multicall cannot call itself")
            case {"methodName": str(name), "params": list(arguments)}:
                return [call(name, arguments)]
        raise Fault(NOT_A_CALL, "each call is a struct of methodName, a string, and params, an array")
    except Fault as fault:
        return {"faultCode": fault.faultCode, "faultString": fault.faultString}


def known(name: str) -> str:
    """Return a method's name.

    Raises:
        Fault: there is no such method.
    """
    if name not in FUNCTIONS:
        raise Fault(NO_SUCH_METHOD, f"there is no method {name[:80]!r}; ask system.listMethods")
    return name


def call(name: str, arguments: Sequence[object]) -> object:
    """Call a function by name.

    Raises:
        Fault: there is none of that name, the arguments or the result do not fit, or the function says so.
    """
    function, signatures = FUNCTIONS[known(name)], SIGNATURES[name]
    types = [TYPE_NAMES.get(type(argument), "nil") for argument in arguments]
    if not any(fits(types, signature) for signature in signatures):
        wanted = " or ".join(f"({', '.join(signature[1:])})" for signature in signatures)
        raise Fault(WRONG_ARGUMENTS, f"{name} takes {wanted}, not ({', '.join(types)})")
    try:
        result = function(*arguments)
    except OverflowError:  # Python's int has no limit, its float has
        raise Fault(APPLICATION_ERROR, "an int here is too large for a double") from None
    if isinstance(result, int) and not -(2**31) <= result < 2**31:
        raise Fault(APPLICATION_ERROR, "the result is too large: an int has 32 bits")
    if isinstance(result, float) and not math.isfinite(result):
        raise Fault(APPLICATION_ERROR, "the result is too large for a double")
    return result
