"""Serves its stream clients one after the other: who is slow holds up all that come after."""

import socket
import sys
from pathlib import Path

from services.unix import server


def serve_streams(listener: socket.socket) -> None:
    """Accept, serve, and only then accept again."""
    while True:
        sock, _ = listener.accept()
        server.serve(sock)


if __name__ == "__main__":
    server.serve_streams = serve_streams
    server.main(*map(Path, sys.argv[1:2]))
