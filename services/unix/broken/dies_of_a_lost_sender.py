"""Does not expect that a sender has no path, or has it no longer: the error ends all datagrams."""

import socket
import sys
from pathlib import Path

from services.unix import server


def answer(sock: socket.socket, data: bytes, sender: str | bytes | None) -> str:
    """Answer whoever sent, come what may."""
    sock.sendto(data.upper(), sender or "")
    return f"answered {len(data)} octets"


if __name__ == "__main__":
    server.answer = answer
    server.main(*map(Path, sys.argv[1:2]))
