"""Answers with text, whatever the result is."""

from collections.abc import Sequence

from services.xmlrpc import functions, server


def call(name: str, arguments: Sequence[object]) -> object:
    """Call, and make the result printable."""
    return str(functions.call(name, arguments))


vars(server)["call"] = call

if __name__ == "__main__":
    server.main()
