"""Answers only when there is something to answer, as it would with a stream."""

import socket
import sys
from pathlib import Path

from services.unix import server

answer_all = server.answer


def answer(sock: socket.socket, data: bytes, sender: str | bytes | None) -> str:
    """Answer, unless there is nothing in it."""
    return answer_all(sock, data, sender) if data else "nothing"


if __name__ == "__main__":
    server.answer = answer
    server.main(*map(Path, sys.argv[1:2]))
