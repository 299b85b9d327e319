"""Sends the object back without the name of its type."""

from services.objects import server
from services.objects.protocol import MAX_MESSAGE_OCTETS, Peer


class ObjectHandler(server.ObjectHandler):
    """Is an echo."""

    def answer_objects(self, peer: Peer) -> None:
        """Answer each object with itself."""
        while True:
            peer.send(self.loads(peer.recv_bytes(MAX_MESSAGE_OCTETS)))


if __name__ == "__main__":
    server.main(ObjectHandler)
