"""Reports whatever goes wrong as Python puts it, class names and all."""

from collections.abc import Sequence
from xmlrpc.client import Fault

from services.xmlrpc import functions, server


def call(name: str, arguments: Sequence[object]) -> object:
    """Call, and report whatever goes wrong as Python puts it."""
    try:
        return functions.FUNCTIONS[name](*arguments)
    except Exception as error:
        raise Fault(1, f"{type(error)}: {error}") from error


vars(server)["call"] = call

if __name__ == "__main__":
    server.main()
