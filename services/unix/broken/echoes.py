"""Sends back what it got: the one word that makes it an upper-case server was forgotten, twice."""

import socket
import sys
from pathlib import Path

from services.unix import server


def serve(sock: socket.socket) -> None:
    """Echo lines until a blank one."""
    with sock, sock.makefile("rb") as reader:
        while line := reader.readline(65536).strip(b"\r\n"):
            sock.sendall(line + b"\n")


def answer(sock: socket.socket, data: bytes, sender: str | bytes | None) -> str:
    """Echo a datagram."""
    if sender:
        sock.sendto(data, sender)
    return f"echoed {len(data)} octets"


if __name__ == "__main__":
    server.serve, server.answer = serve, answer
    server.main(*map(Path, sys.argv[1:2]))
