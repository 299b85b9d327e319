"""Takes whatever a read returns for a line: right by luck, as long as lines are short and few."""

import contextlib
import socket

from services.by_hand_threads.server import ThreadedServer
from services.upper_tcp.server import listen


def serve(sock: socket.socket, peer: tuple[str, int]) -> None:
    """Answer piece after piece."""
    with sock, contextlib.suppress(OSError):
        while piece := sock.recv(1024).strip(b"\r\n"):
            sock.sendall(piece.upper() + b"\n")


if __name__ == "__main__":
    ThreadedServer(listen(), serve).serve_forever()
