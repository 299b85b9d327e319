"""Strips the line feed only: telnet's carriage return comes back, and its blank line is none."""

from collections.abc import Callable
from io import BufferedIOBase

from services.upper_tcp import protocol
from services.upper_tcp.server import listen, serve_forever


def converse(reader: BufferedIOBase, send: Callable[[bytes], object]) -> str:
    """Answer until a line feed stands alone."""
    try:
        while line := reader.readline(protocol.MAX_LINE_OCTETS + 1):
            if len(line) > protocol.MAX_LINE_OCTETS:
                send(protocol.TOO_LONG)
                break
            if line == b"\n":
                break
            send(line.removesuffix(b"\n").upper() + b"\n")
    except OSError:
        pass
    return "done"


if __name__ == "__main__":
    serve_forever(listen(), converse)
