"""Says that a call is wrong, and not what is wrong with it."""

from collections.abc import Sequence
from xmlrpc.client import Fault

from services.xmlrpc import protocol, server


def parse_call(message: bytes) -> tuple[str, Sequence[object]]:
    """Read a call, or say that it is none."""
    try:
        return protocol.parse_call(message)
    except Fault as fault:
        raise Fault(fault.faultCode, "not an XML-RPC methodCall") from fault


vars(server)["parse_call"] = parse_call

if __name__ == "__main__":
    server.main()
