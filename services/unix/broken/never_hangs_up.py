"""Goes on after a blank line: its client waits for the end in vain."""

import socket
import sys
from pathlib import Path

from services.unix import server


def serve(sock: socket.socket) -> None:
    """Answer lines for ever."""
    with sock, sock.makefile("rb") as reader:
        for line in reader:
            sock.sendall(line.rstrip(b"\r\n").upper() + b"\n")


if __name__ == "__main__":
    server.serve = serve
    server.main(*map(Path, sys.argv[1:2]))
