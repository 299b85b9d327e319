"""Notes that a peer does not know the key, and serves him all the same."""

import pickle
from contextlib import suppress
from multiprocessing import AuthenticationError

from services.objects import server
from services.objects.protocol import Peer


class ObjectHandler(server.ObjectHandler):
    """Forgets that a refusal should have an effect."""

    loads = staticmethod(pickle.loads)

    def authenticate(self, peer: Peer) -> None:
        """Ask for the key."""
        with suppress(AuthenticationError):
            super().authenticate(peer)


if __name__ == "__main__":
    server.main(ObjectHandler)
