"""Collects the pieces of a line where all threads see them: one client gets what another one said."""

import socket

from services.by_hand_threads.server import ThreadedServer
from services.upper_tcp.server import listen

received = bytearray()  # should be a variable of `serve`


def serve(sock: socket.socket, peer: tuple[str, int]) -> None:
    """Collect pieces until a line is whole, whoever sent them."""
    with sock:
        while piece := sock.recv(65536):
            received.extend(piece)
            while end := received.find(b"\n") + 1:
                line = bytes(received[:end])
                del received[:end]
                if not line.strip(b"\r\n"):
                    return
                sock.sendall(line.strip(b"\r\n").upper() + b"\n")


if __name__ == "__main__":
    ThreadedServer(listen(), serve).serve_forever()
