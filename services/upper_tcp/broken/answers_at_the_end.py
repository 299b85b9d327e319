"""Answers only once the client has ended its side: it collects everything first."""

from collections.abc import Callable
from io import BufferedIOBase

from services.upper_tcp.server import listen, serve_forever


def converse(reader: BufferedIOBase, send: Callable[[bytes], object]) -> str:
    """Read to the end of file, then answer."""
    send(reader.read().upper())
    return "done"


if __name__ == "__main__":
    serve_forever(listen(), converse)
