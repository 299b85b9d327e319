"""Ends the thread and believes the connection to end with it: a list still holds the socket open."""

import socket

from services.by_hand_threads.server import ThreadedServer
from services.upper_tcp.protocol import converse
from services.upper_tcp.server import listen

connections: list[socket.socket] = []


def serve(sock: socket.socket, peer: tuple[str, int]) -> None:
    """Answer, and leave the socket as it is."""
    connections.append(sock)
    with sock.makefile("rb") as reader:
        converse(reader, sock.sendall)


if __name__ == "__main__":
    ThreadedServer(listen(), serve).serve_forever()
