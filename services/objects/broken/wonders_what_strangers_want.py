"""Unpickles what a refused peer sends next, only to write into the log what it was."""

import pickle
from multiprocessing import AuthenticationError

from services.objects import server
from services.objects.protocol import MAX_MESSAGE_OCTETS, Peer


class ObjectHandler(server.ObjectHandler):
    """Is too curious."""

    def authenticate(self, peer: Peer) -> None:
        """Ask for the key; of who does not have it, look at what he wanted."""
        try:
            super().authenticate(peer)
        except AuthenticationError:
            print("a stranger wanted", pickle.loads(peer.recv_bytes(MAX_MESSAGE_OCTETS)))
            raise


if __name__ == "__main__":
    server.main(ObjectHandler)
