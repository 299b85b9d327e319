"""Sends back what it got: the one word that makes it an upper-case server was forgotten."""

import socket

from services.by_hand_threads.server import ThreadedServer
from services.upper_tcp.server import listen


def serve(sock: socket.socket, peer: tuple[str, int]) -> None:
    """Echo line after line."""
    with sock, sock.makefile("rb") as reader:
        for line in reader:
            sock.sendall(line)


if __name__ == "__main__":
    ThreadedServer(listen(), serve).serve_forever()
