"""Takes whatever recv returns for a line, as if the stream kept the borders that datagrams have."""

import socket
import sys
from pathlib import Path

from services.unix import server


def serve(sock: socket.socket) -> None:
    """Answer piece after piece."""
    with sock:
        while piece := sock.recv(1024).strip(b"\r\n"):
            sock.sendall(piece.upper() + b"\n")


if __name__ == "__main__":
    server.serve = serve
    server.main(*map(Path, sys.argv[1:2]))
