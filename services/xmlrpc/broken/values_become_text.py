"""Loses the types inside lists and structs: all is text there."""

from collections.abc import Sequence

from services.xmlrpc import functions, server


def call(name: str, arguments: Sequence[object]) -> object:
    """Call echo with a value whose parts have become text."""
    result = functions.call(name, arguments)
    if name == "echo" and isinstance(result, dict):
        return {key: str(value) for key, value in result.items()}
    return result


vars(server)["call"] = call

if __name__ == "__main__":
    server.main()
