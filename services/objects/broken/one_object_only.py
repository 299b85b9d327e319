"""Answers the first object and hangs up: the loop was forgotten."""

from services.objects import server
from services.objects.protocol import MAX_MESSAGE_OCTETS, Peer


class ObjectHandler(server.ObjectHandler):
    """Is done early."""

    def answer_objects(self, peer: Peer) -> None:
        """Answer one object."""
        thing = self.loads(peer.recv_bytes(MAX_MESSAGE_OCTETS))
        peer.send((type(thing).__name__, thing))


if __name__ == "__main__":
    server.main(ObjectHandler)
