"""Answers as one answers over UDP: but here `sendto` waits until the receiver has room."""

import socket
import sys
from pathlib import Path

from services.unix import server


def answer(sock: socket.socket, data: bytes, sender: str | bytes | None) -> str:
    """Send the answer, however long that takes."""
    if sender:
        try:
            sock.sendto(data.upper(), sender)
        except OSError as error:
            return f"no answer: {error.strerror}"
    return f"answered {len(data)} octets"


if __name__ == "__main__":
    server.answer = answer
    server.main(*map(Path, sys.argv[1:2]))
