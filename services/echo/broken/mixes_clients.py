"""Keeps what it owes in one place for all clients: one gets what another one sent."""

from services.echo import server

SHARED = bytearray()


class Conversation(server.Conversation):
    """Every conversation owes from the same buffer, and sends only once it has more to send."""

    def receive(self) -> None:
        """Take what has arrived and put it before everybody."""
        data = self.sock.recv(server.BUFFER_OCTETS)
        self.peer_done = not data
        SHARED[:0] = data
        self.owed = SHARED

    def send(self) -> None:
        """Send as much as came last, from wherever it came."""
        if len(SHARED) > 9 or self.peer_done:
            super().send()


class EchoServer(server.EchoServer):
    """The echo server with that conversation."""

    conversation_type = Conversation


if __name__ == "__main__":
    EchoServer(server.listen()).serve_forever()
