"""XML-RPC's messages: a `methodCall` read, a `methodResponse` written. No sockets here.

`tree` reads XML, `values` reads and writes the values in it. Python's `xmlrpc.client` does both as well, for
friends: it takes what the specification does not, and says of a mistake only that there was one.
"""

from collections.abc import Sequence
from xml.etree.ElementTree import Element
from xmlrpc.client import Fault

from services.xmlrpc.functions import APPLICATION_ERROR, NOT_A_CALL
from services.xmlrpc.tree import read_tree
from services.xmlrpc.values import WHITE_SPACE, read_value, render_value, shown, text_around


def parse_call(message: bytes) -> tuple[str, Sequence[object]]:
    """Return the method's name and the arguments of a `methodCall`.

    Raises:
        Fault: it is no such thing.
    """
    call = read_tree(message)
    parts = [each.tag for each in call]
    if call.tag != "methodCall":
        raise Fault(NOT_A_CALL, f"not an XML-RPC methodCall, but <{shown(call.tag)}>")
    if parts[:1] != ["methodName"] or len(call[0]):
        raise Fault(NOT_A_CALL, "no methodName")
    if parts[1:] not in ([], ["params"]) or text_around(call).strip(WHITE_SPACE):
        raise Fault(NOT_A_CALL, "a methodCall holds a methodName, params, and nothing else")
    return call[0].text or "", [read_param(param, n) for n, param in enumerate(call[1], 1)] if parts[
        1:
    ] else []


def read_param(param: Element, number: int) -> object:
    """Return the value of a `<param>`."""
    where = f"parameter {number}"
    if param.tag != "param" or len(param) != 1:
        raise Fault(NOT_A_CALL, f"{where}: <params> holds <param>s, each with one <value>")
    return read_value(param[0], where)


def render_response(result: object) -> bytes:
    """Return the `methodResponse` for a result, or for a Fault."""
    if isinstance(result, Fault):
        struct = {"faultCode": result.faultCode, "faultString": result.faultString}
        content = f"<fault>{render_value(struct)}</fault>"
    else:
        try:
            content = f"<params><param>{render_value(result)}</param></params>"
        except ValueError:  # a double inside an array that is too large
            return render_response(Fault(APPLICATION_ERROR, "the result has no form in XML-RPC"))
    return f'<?xml version="1.0"?>\n<methodResponse>{content}</methodResponse>\n'.encode()
