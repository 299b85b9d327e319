"""Reads text: decodes each line, strips it, changes it, encodes it again."""

from collections.abc import Callable
from io import BufferedIOBase

from services.upper_tcp import protocol
from services.upper_tcp.server import listen, serve_forever


def converse(reader: BufferedIOBase, send: Callable[[bytes], object]) -> str:
    """Hold the right conversation with the wrong idea of upper case."""

    def send_text(answer: bytes) -> None:
        if answer != protocol.TOO_LONG:
            answer = answer.decode(errors="replace").strip().upper().encode() + b"\n"
        send(answer)

    return protocol.converse(reader, send_text)


if __name__ == "__main__":
    serve_forever(listen(), converse)
