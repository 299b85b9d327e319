"""Reads values with the library's `loads`: it takes `1_0`, any digits, NaN, skips odd base64."""

from collections.abc import Sequence
from xmlrpc.client import Fault, loads

from services.xmlrpc import protocol, server
from services.xmlrpc.functions import NOT_A_CALL


def parse_call(message: bytes) -> tuple[str, Sequence[object]]:
    """Read what can be read, once it is known to be a call."""
    try:
        return protocol.parse_call(message)
    except Fault:
        pass
    try:
        arguments, name = loads(message, use_builtin_types=True)
    except Exception as error:
        raise Fault(NOT_A_CALL, "not an XML-RPC methodCall") from error
    return name or "", arguments


vars(server)["parse_call"] = parse_call

if __name__ == "__main__":
    server.main()
