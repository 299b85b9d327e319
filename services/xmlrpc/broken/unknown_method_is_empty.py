"""Answers a call of nothing with an empty string."""

from collections.abc import Sequence

from services.xmlrpc import functions, server


def call(name: str, arguments: Sequence[object]) -> object:
    """Call what there is."""
    return functions.call(name, arguments) if name in functions.FUNCTIONS else ""


vars(server)["call"] = call

if __name__ == "__main__":
    server.main()
