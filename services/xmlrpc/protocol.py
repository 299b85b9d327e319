"""XML-RPC's messages: a `methodCall` read, a `methodResponse` written. No sockets here.

`xmlrpc.client.loads` and `dumps` do the work. XML from strangers is looked through before, because what
XML allows beyond elements and text is more than XML-RPC needs: a DOCTYPE can declare entities that grow
a thousandfold (the "billion laughs") or that name a file of the server's. It is refused as soon as it starts.
"""

from collections.abc import Sequence
from typing import Any
from xml.parsers import expat
from xmlrpc.client import Fault, dumps, loads

from services.xmlrpc.functions import APPLICATION_ERROR, NOT_A_CALL, NOT_WELL_FORMED

DEPTH = 200  # elements inside each other; an array in an array is three deeper


def look_through(message: bytes) -> None:
    """Read XML once without building anything.

    Raises:
        Fault: it is not well-formed, too deep, or has a DOCTYPE.
    """
    depth = 0

    def enter(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEPTH:
            raise Fault(NOT_A_CALL, f"more than {DEPTH} elements inside each other")

    def leave(name: str) -> None:
        nonlocal depth
        depth -= 1

    def refuse(*declared: Any) -> None:
        raise Fault(NOT_A_CALL, "a DOCTYPE is not taken here")

    parser = expat.ParserCreate()
    parser.StartElementHandler = enter
    parser.EndElementHandler = leave
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(message, True)
    except (expat.ExpatError, LookupError, ValueError) as error:  # the last two: of its encoding
        raise Fault(NOT_WELL_FORMED, f"not well-formed XML: {error}") from error


def parse_call(message: bytes) -> tuple[str, Sequence[object]]:
    """Return the method's name and the arguments of a `methodCall`.

    Raises:
        Fault: it is no such thing.
    """
    look_through(message)
    try:
        arguments, name = loads(message, use_builtin_types=True)
    except Exception as error:  # well-formed, but no XML-RPC: `loads` stumbles over that in many ways
        raise Fault(NOT_A_CALL, "not an XML-RPC methodCall") from error
    if name is None:
        raise Fault(NOT_A_CALL, "no methodName")
    return name, arguments


def render_response(result: Any) -> bytes:
    """Return the `methodResponse` for a result, or for a Fault."""
    if isinstance(result, Fault):
        return dumps(result).encode()
    try:
        return dumps((result,), methodresponse=True).encode()
    except (TypeError, OverflowError):  # a nil inside an array, an int inside one that is too large
        return dumps(Fault(APPLICATION_ERROR, "the result has no form in XML-RPC")).encode()
