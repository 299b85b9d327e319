"""Does not expect a client to reset: the error ends the whole server."""

from collections.abc import Callable
from io import BufferedIOBase

from services.upper_tcp.protocol import MAX_LINE_OCTETS
from services.upper_tcp.server import listen, serve_forever


def converse(reader: BufferedIOBase, send: Callable[[bytes], object]) -> str:
    """Answer until a blank line, and let every error out."""
    while line := reader.readline(MAX_LINE_OCTETS).strip(b"\r\n"):
        send(line.upper() + b"\n")
    return "done"


if __name__ == "__main__":
    serve_forever(listen(), converse)
