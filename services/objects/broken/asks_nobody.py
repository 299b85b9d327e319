"""Takes everybody for a friend: the key was left out, as it is by default."""

import threading

from services.objects.broken.dies_of_a_stranger import listen
from services.objects.protocol import Peer


def serve(peer: Peer) -> None:
    """Unpickle whatever comes."""
    while True:
        thing = peer.recv()
        peer.send((type(thing).__name__, thing))


if __name__ == "__main__":
    listener = listen(authkey=None)
    while True:
        threading.Thread(target=serve, args=(listener.accept(),)).start()
