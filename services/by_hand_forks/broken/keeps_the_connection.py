"""Keeps its own copy of each connection, to know who is here: the client never gets its end of file."""

import socket

from services.by_hand_forks import server
from services.upper_tcp.protocol import converse
from services.upper_tcp.server import listen


class ForkingServer(server.ForkingServer):
    """Has a list of its guests."""

    def start_child(self, sock: socket.socket, peer: tuple[str, int]) -> None:
        """Fork, and remember."""
        super().start_child(sock, peer)
        guests.append(sock.dup())


def serve(sock: socket.socket, peer: tuple[str, int]) -> None:
    """Answer, and close; this copy was the last one, was it not?"""
    with sock, sock.makefile("rb") as reader:
        converse(reader, sock.sendall)


guests: list[socket.socket] = []

if __name__ == "__main__":
    ForkingServer(listen(), serve).serve_forever()
