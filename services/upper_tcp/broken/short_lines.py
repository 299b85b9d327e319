"""Reads with a limit of 1024 octets and takes what it got for a whole line."""

from collections.abc import Callable
from io import BufferedIOBase

from services.upper_tcp.server import listen, serve_forever


def converse(reader: BufferedIOBase, send: Callable[[bytes], object]) -> str:
    """Answer until a blank line."""
    try:
        while line := reader.readline(1024).strip(b"\r\n"):
            send(line.upper() + b"\n")
    except OSError:
        pass
    return "done"


if __name__ == "__main__":
    serve_forever(listen(), converse)
