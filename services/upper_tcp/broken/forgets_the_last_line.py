"""Waits for the line feed of every line: what was unfinished at the end of file is dropped."""

from collections.abc import Callable
from io import BufferedIOBase

from services.upper_tcp import protocol
from services.upper_tcp.server import listen, serve_forever


def converse(reader: BufferedIOBase, send: Callable[[bytes], object]) -> str:
    """Answer whole lines only."""
    try:
        while (line := reader.readline(protocol.MAX_LINE_OCTETS + 1)).endswith(b"\n"):
            if line in (b"\n", b"\r\n"):
                break
            send(line.strip(b"\r\n").upper() + b"\n")
        if len(line) > protocol.MAX_LINE_OCTETS:
            send(protocol.TOO_LONG)
    except OSError:
        pass
    return "done"


if __name__ == "__main__":
    serve_forever(listen(), converse)
