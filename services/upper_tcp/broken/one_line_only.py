"""Answers one line and hangs up: the loop was forgotten."""

from collections.abc import Callable
from io import BufferedIOBase

from services.upper_tcp.server import listen, serve_forever


def converse(reader: BufferedIOBase, send: Callable[[bytes], object]) -> str:
    """Answer the first line."""
    send(reader.readline().strip(b"\r\n").upper() + b"\n")
    return "done"


if __name__ == "__main__":
    serve_forever(listen(), converse)
