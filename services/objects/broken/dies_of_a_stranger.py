"""Accepts and authenticates in one call, and does not expect a wrong answer: the error ends the server."""

import threading
from contextlib import suppress
from multiprocessing.connection import Listener

from services.objects.protocol import AUTHKEY, MAX_MESSAGE_OCTETS, PORT, Peer, loads


def listen(authkey: bytes | None = AUTHKEY) -> Listener:
    """Return the library's own listener, for both families."""
    return Listener(("", PORT), "AF_INET6", backlog=128, authkey=authkey)


def serve(peer: Peer) -> None:
    """Answer objects; a friend who misbehaves ends his own thread."""
    try:
        while True:
            thing = loads(peer.recv_bytes(MAX_MESSAGE_OCTETS))
            peer.send((type(thing).__name__, thing))
    except Exception:
        peer.close()


if __name__ == "__main__":
    listener = listen()
    while True:
        with suppress(EOFError, ConnectionError):  # who has left again by now is no stranger
            threading.Thread(target=serve, args=(listener.accept(),), daemon=True).start()
