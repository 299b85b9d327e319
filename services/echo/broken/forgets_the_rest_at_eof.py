"""Closes as soon as the client has ended its side, whatever it still owes."""

import queue
import socket
import threading
import time
from contextlib import suppress

from services.echo.server import PORT


def send_in_turn(sock: socket.socket, pieces: "queue.SimpleQueue[bytes]") -> None:
    """Send piece after piece, in no hurry."""
    with suppress(OSError):
        while True:
            piece = pieces.get()
            time.sleep(0.02)
            sock.sendall(piece)


def serve(sock: socket.socket) -> None:
    """Hand what arrives to the sending thread; at EOF close, without asking whether that one is done."""
    pieces: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=send_in_turn, args=(sock, pieces), daemon=True).start()
    with suppress(OSError):
        while data := sock.recv(65536):
            pieces.put(data)
        sock.shutdown(socket.SHUT_RDWR)
    sock.close()


listener = socket.create_server(("", PORT), family=socket.AF_INET6, dualstack_ipv6=True)
while True:
    client, _ = listener.accept()
    threading.Thread(target=serve, args=(client,), daemon=True).start()
