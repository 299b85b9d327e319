"""Leaves its socket files to itself: no other user may write to them, and so none may connect."""

import os
import socket
import sys
from pathlib import Path

from services.unix import server


def bind(path: Path, kind: socket.SocketKind) -> socket.socket:
    """Bind as everybody does who tries it as one user only."""
    sock = socket.socket(socket.AF_UNIX, kind)
    sock.bind(str(path))
    return sock


if __name__ == "__main__":
    os.umask(0o022)
    server.bind = bind
    server.main(*map(Path, sys.argv[1:2]))
