"""Answers a blank line with a blank line, and goes on."""

from collections.abc import Callable
from io import BufferedIOBase

from services.upper_tcp import protocol
from services.upper_tcp.server import listen, serve_forever


def converse(reader: BufferedIOBase, send: Callable[[bytes], object]) -> str:
    """Begin anew at each blank line, until the end of file."""
    while (outcome := protocol.converse(reader, send)).endswith("blank line"):
        send(b"\n")
    return outcome


if __name__ == "__main__":
    serve_forever(listen(), converse)
